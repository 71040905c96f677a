import type { Generated } from 'kysely';
import type { ActorRef, Instant } from '../../foundation/kernel/index.js';

/** Versions of calendars. */
export interface CalendarsTable {
  slug: string;
  version: number;
  /** Of the calendar, the same in all its versions. */
  id: string;
  /** JSON. */
  body: string;
  published_at: Instant;
  published_by: ActorRef;
  format: Generated<number>;
}
