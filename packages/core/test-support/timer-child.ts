import { auditProjection } from '../src/foundation/audit/index.js';
import { WorkingCalendars } from '../src/foundation/calendars/index.js';
import { Dispatcher, TimerClockwork } from '../src/foundation/jobs/index.js';
import { cryptoRandom, systemClock, uuidV7Source } from '../src/foundation/kernel/index.js';
import type { Projection } from '../src/foundation/persistence/index.js';
import { openAddress, type StoreAddress } from './store-address.js';

/** Fires what is due in a process of its own, which is killed once the timer is removed and its event written, or after the commit. */
export interface TimerPlan {
  readonly address: StoreAddress;
  readonly die: 'before-commit' | 'after-commit';
}

const plan: TimerPlan = JSON.parse(process.argv[2] ?? '{}');
const store = openAddress(plan.address);
await store.open();
const deadly: Projection = {
  name: 'deadly',
  home: 'ledger',
  handles: () => plan.die === 'before-commit',
  project: async () => {
    process.kill(process.pid, 'SIGKILL');
  },
};
const { unitOfWork, outbox, timers } = store;
const ids = uuidV7Source(systemClock, cryptoRandom());
const projections = [auditProjection(store.audit), deadly];
const dispatcher = new Dispatcher({ unitOfWork, outbox, projections, clock: systemClock, ids });
const counting = new WorkingCalendars(store.calendars);
const ports = { timers, counting, unitOfWork: dispatcher, events: dispatcher, clock: systemClock };
await new TimerClockwork(ports).fireDue();
process.kill(process.pid, 'SIGKILL');
