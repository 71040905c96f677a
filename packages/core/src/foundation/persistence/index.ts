export { type CommandKey, commandKey, commandRecord, replayOf } from './command-key.js';
export type { CommandRecord, Commands } from './commands.js';
export type { EventDraft, EventRecorder } from './event-recorder.js';
export type { Numbers } from './numbers.js';
export type { Outbox } from './outbox.js';
export type { Carried, Projection } from './projection.js';
export type { UniqueKey, UniqueKeyConflict, UniqueKeyHolder, UniqueKeys } from './unique-keys.js';
export type { Home, Unit, UnitOfWork, UnitOptions } from './unit-of-work.js';
