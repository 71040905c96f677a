import type { ActorRef, Instant, Json } from '../../kernel/index.js';
import type { JobPriority, JobStatus, StoredJob } from './job-store.js';

/** A job as people and handlers see it. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly status: JobStatus;
  readonly priority: JobPriority;
  /** Not run before; after a failure, when it is tried again. */
  readonly runAt: Instant;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly payload: Json;
  readonly result: Json | null;
  readonly progress: Json | null;
  /** Code of the error with which it last failed. */
  readonly lastError: string | null;
  readonly dedupeKey: string | null;
  readonly createdAt: Instant;
  /** Of the newest try. */
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** Who added it, in whose name it runs. */
  readonly actor: ActorRef;
  readonly correlationId: string;
  /** The worker that runs it: machine, process id and an id of its own, `desk-7/4711/ID`; null while none does. */
  readonly worker: string | null;
  /** It runs, and was asked to stop. */
  readonly cancelRequested: boolean;
}

export function jobShown(stored: StoredJob): Job {
  const { via: _via, fence: _fence, leaseUntil: _until, leaseHolder, ...shown } = stored;
  return { ...shown, worker: leaseHolder };
}
