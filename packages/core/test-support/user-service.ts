import { AccessService, UserService } from '../src/foundation/access/index.js';
import { auditProjection } from '../src/foundation/audit/index.js';
import { Dispatcher } from '../src/foundation/jobs/index.js';
import { cryptoRandom, systemClock, uuidV7Source } from '../src/foundation/kernel/index.js';
import type { Storage } from '../src/storage/storage.js';

const clock = systemClock;
const ids = uuidV7Source(clock, cryptoRandom());

/** The directory made from its ports, as one process has it, with the trail it leaves. */
export function openUserService(store: Storage): UserService {
  const { unitOfWork, outbox, commands, users } = store;
  const events = new Dispatcher({ unitOfWork, outbox, projections: [auditProjection(store.audit)], clock, ids });
  const access = new AccessService({ users, clock });
  return new UserService({ users, unitOfWork: events, events, commands, access, clock });
}
