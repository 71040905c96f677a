import type { Instant } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';

/** Where a schedule stands. */
export interface StoredSchedule {
  readonly name: string;
  /** When it runs, as a text: `every 1h`, or a cron expression with its zone. */
  readonly plan: string;
  /** Of its jobs. */
  readonly kind: string;
  /** When it is due next. */
  readonly nextAt: Instant;
  /** The time for which it last ran; null before its first run. */
  readonly lastDue: Instant | null;
  /** When it did. */
  readonly lastAt: Instant | null;
  /** The job that was added then, or that of an earlier time which had not ended. */
  readonly lastJob: string | null;
  readonly version: number;
}

/** Lives in the ledger. A row appears when somebody first looks after a schedule. */
export interface ScheduleStore {
  /** Those of these names that there are; at most 100 names. */
  find(names: readonly string[]): Promise<readonly StoredSchedule[]>;
  /** By name, after `after`. */
  list(query: { readonly after?: string; readonly limit: number }): Promise<readonly StoredSchedule[]>;
  /**
   * Compare-and-swap on version; `expectedVersion` 0 inserts.
   * MUST: of units that save one version of a schedule at once one commits; the others get false.
   */
  save(unit: Unit, schedule: StoredSchedule, expectedVersion: number): Promise<boolean>;
  /** Forgets at most `limit` schedules that were due before `before` and did not run. @returns how many */
  trim(before: Instant, limit: number): Promise<number>;
}
