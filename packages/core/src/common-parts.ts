import type { AccessService } from './foundation/access/index.js';
import type { Clock, IdSource } from './foundation/kernel/index.js';
import type { Commands, EventRecorder, UnitOfWork } from './foundation/persistence/index.js';

/** What nearly every service of an open store is made of. */
export interface CommonParts {
  readonly access: AccessService;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly commands: Commands;
  readonly clock: Clock;
  readonly ids: IdSource;
}
