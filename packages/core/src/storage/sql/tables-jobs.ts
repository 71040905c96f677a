import type { Generated } from 'kysely';
import type { JobStatus } from '../../foundation/jobs/queue/job-store.js';
import type { ActorRef, Instant } from '../../foundation/kernel/index.js';

/** Work that is to be done later. */
export interface JobsTable {
  id: string;
  kind: string;
  status: JobStatus;
  /** The place in the list of priorities: 0 is the highest. */
  priority: number;
  run_at: Instant;
  attempts: number;
  max_attempts: number;
  lease_until: Instant | null;
  lease_holder: string | null;
  fence: number;
  payload: string;
  result: string | null;
  progress: string | null;
  last_error: string | null;
  dedupe_key: string | null;
  /** The dedupe key while the job is active, else null: unique within the kind. */
  active_key: string | null;
  created_at: Instant;
  started_at: Instant | null;
  finished_at: Instant | null;
  actor: ActorRef;
  via: string | null;
  correlation_id: string;
  cancel_requested: number;
  format: Generated<number>;
}
