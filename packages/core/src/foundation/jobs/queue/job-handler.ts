import type { Actor, Json } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';
import type { Job } from './job.js';

/** What a handler works with. */
export interface JobContext {
  readonly job: Job;
  /** In whose name it runs: who added it. */
  readonly actor: Actor;
  /**
   * Aborted when somebody cancels the job, its time is up, a sign of life found that another worker has it, or this one stops. A handler
   * that goes on all the same is waited for 5 seconds; what it gives within them is kept, unless another worker has the job.
   */
  readonly signal: AbortSignal;
  /** Keeps how far it is for whoever looks, with the next sign of life; at most 8,000 characters of JSON, without personal data. */
  progress(progress: Json): void;
  /**
   * Ends the job in the unit of the ledger that writes its effect: then the effect is there once, however often the job ran.
   * What `run` gives afterwards is not looked at, unless that unit failed. Call it last: the unit then holds the job, and signs of life
   * of all jobs of its worker wait until it has ended.
   * @throws LmsError `JOB_LEASE_LOST` when another worker has the job; the unit must then fail
   */
  finishIn(unit: Unit, result?: Json): Promise<void>;
}

/**
 * How jobs of one kind are run. A job may run more than once (its worker can die after the effect and before the end is written), so an
 * effect outside the ledger must stand being repeated.
 */
export interface JobHandler {
  /** 1 to 100 characters, such as `acme.sync`. */
  readonly kind: string;
  /** Tries before a job is dead, unless it says otherwise; 5 when absent. */
  readonly maxAttempts?: number;
  /** The pause before the next try is any part of one that doubles with each; 5 s at first and at most 10 min when absent. */
  readonly backoff?: JobBackoff;
  /** How long one try may take; without end when absent. */
  readonly timeoutMillis?: number;
  /** How many jobs of this kind one worker runs at once; as many as it runs at all when absent. */
  readonly concurrency?: number;
  /** A worker that runs jobs of these kinds leaves those of this kind to others meanwhile. */
  readonly apartFrom?: readonly string[];
  /** What it did stays done, and the next try goes on from there: a worker that stops does not wait for it, but gives it back at once. */
  readonly resumable?: boolean;
  /** What it gives is kept as the job's result, without personal data. What it throws is tried again unless repeating cannot help. */
  run(context: JobContext): Promise<Json | undefined>;
}

export interface JobBackoff {
  readonly firstMillis: number;
  readonly mostMillis: number;
}

export const defaultMaxAttempts = 5;
export const defaultBackoff: JobBackoff = { firstMillis: 5_000, mostMillis: 600_000 };
