import { brokenAuditChain } from './audit-chain.js';
import type { Breakage } from './breaking.js';
import { brokenCalendars } from './calendars.js';
import { brokenConsents } from './consents.js';
import { brokenEvents } from './events.js';
import { brokenInboxes } from './inbox.js';
import { brokenJobs } from './jobs.js';
import { brokenNotifications } from './notifications.js';
import { brokenOutbound } from './outbound.js';
import { brokenRecords } from './records.js';
import { brokenSchedules } from './schedules.js';
import { brokenTimers } from './timers.js';
import { brokenUnits } from './units.js';
import { brokenWebhooks } from './webhooks.js';

/** Cases about servers, which an embedded store cannot break: they are proven on one. */
export const brokenOnServers: ReadonlySet<string> = new Set([
  'collisions/deadlock',
  'collisions/lost-connection',
  'keys/await-readers',
]);

/** Cases that look at the engine alone: they are proven on a file whose tables guard nothing. */
export const brokenByTables: ReadonlySet<string> = new Set([
  'constraints/null-refused',
  'constraints/value-refused',
  'constraints/range-refused',
  'constraints/duplicate-refused',
  'constraints/orphan-refused',
]);

/** For each other case of the suite, by id, a storage that must fail it. */
export const breakages: Readonly<Record<string, Breakage>> = {
  ...brokenUnits,
  ...brokenRecords,
  ...brokenAuditChain,
  ...brokenEvents,
  ...brokenOutbound,
  ...brokenConsents,
  ...brokenJobs,
  ...brokenSchedules,
  ...brokenTimers,
  ...brokenCalendars,
  ...brokenWebhooks,
  ...brokenNotifications,
  ...brokenInboxes,
};
