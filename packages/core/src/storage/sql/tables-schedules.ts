import type { Generated } from 'kysely';
import type { Instant } from '../../foundation/kernel/index.js';

/** Where a schedule stands. */
export interface JobSchedulesTable {
  name: string;
  plan: string;
  kind: string;
  next_at: Instant;
  last_due: Instant | null;
  last_at: Instant | null;
  last_job: string | null;
  version: number;
  format: Generated<number>;
}
