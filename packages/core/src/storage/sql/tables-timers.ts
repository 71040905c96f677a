import type { Generated } from 'kysely';
import type { ActorRef, Instant } from '../../foundation/kernel/index.js';

/** What is to happen at a time. */
export interface TimersTable {
  timer_key: string;
  /** Of this setting of the timer. */
  id: string;
  due_at: Instant;
  /** When it is to fire: `due_at`, or the time of the next try. */
  fire_at: Instant;
  stuck: number;
  /** Of working time: the slug of its calendar and the version that gave `due_at`, since when it counts, and how long. */
  calendar: string | null;
  calendar_version: number | null;
  counts_from: Instant | null;
  working_millis: number | null;
  attempts: number;
  last_error: string | null;
  event_type: string;
  aggregate_kind: string;
  aggregate_id: string;
  aggregate_version: number;
  data: string;
  actor: ActorRef;
  via: string | null;
  correlation_id: string;
  set_at: Instant;
  format: Generated<number>;
}
