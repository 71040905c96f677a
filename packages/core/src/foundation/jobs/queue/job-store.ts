import type { ActorRef, ActorVia, Instant, Json } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';

/** Waiting and running jobs are active; the others have ended. Of the ended ones, dead and cancelled jobs may be retried by hand. */
export type JobStatus = 'waiting' | 'running' | 'done' | 'dead' | 'cancelled';

export const jobStatuses: readonly JobStatus[] = ['waiting', 'running', 'done', 'dead', 'cancelled'];

/** Due jobs of a higher priority are claimed before any of a lower one. */
export type JobPriority = 'high' | 'normal' | 'low';

/** Highest first. */
export const jobPriorities: readonly JobPriority[] = ['high', 'normal', 'low'];

/** A job as it is added. */
export interface NewJob {
  readonly id: string;
  /** Which handler runs it. */
  readonly kind: string;
  readonly priority: JobPriority;
  /** Not claimed before. */
  readonly runAt: Instant;
  /** Claims after which it is dead instead of tried again; at least 1. */
  readonly maxAttempts: number;
  /** Ids and settings, never personal data. */
  readonly payload: Json;
  /** While a job of this kind with this key is active no other is added; null for a job that others do not replace. */
  readonly dedupeKey: string | null;
  readonly createdAt: Instant;
  /** In whose name it runs. */
  readonly actor: ActorRef;
  readonly via: ActorVia | null;
  readonly correlationId: string;
}

/** What becomes of a job while it is worked on. */
export interface JobState {
  readonly status: JobStatus;
  readonly runAt: Instant;
  /** Claims so far, or since it was last retried by hand. */
  readonly attempts: number;
  /** Until when its holder has it, unless renewed; null unless it is running. */
  readonly leaseUntil: Instant | null;
  /** The worker that has it; null unless it is running. */
  readonly leaseHolder: string | null;
  /** How often it was ever claimed. Whoever has a smaller number has lost it. */
  readonly fence: number;
  readonly result: Json | null;
  readonly progress: Json | null;
  /** Code of the error with which it last failed; null when it did not. */
  readonly lastError: string | null;
  /** Of the newest claim. */
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** It runs, and its holder is asked to stop. */
  readonly cancelRequested: boolean;
}

export interface StoredJob extends NewJob, JobState {}

/** A job that nobody has worked on. */
export function freshJob(job: NewJob): StoredJob {
  return {
    ...job,
    status: 'waiting',
    attempts: 0,
    leaseUntil: null,
    leaseHolder: null,
    fence: 0,
    result: null,
    progress: null,
    lastError: null,
    startedAt: null,
    finishedAt: null,
    cancelRequested: false,
  };
}

/** A claim: the job as it was then. */
export interface JobLease {
  readonly id: string;
  readonly fence: number;
}

/** Jobs of one kind that a worker has places for. */
export interface JobShare {
  readonly kind: string;
  /** At most so many of this kind; at least 1. */
  readonly limit: number;
}

export interface JobClaim {
  /** Of each kind once; jobs of other kinds are left for whoever knows them. */
  readonly shares: readonly JobShare[];
  readonly holder: string;
  readonly now: Instant;
  readonly leaseUntil: Instant;
  /** At most so many together; 1 to 500. */
  readonly limit: number;
}

/** How a claim ended. */
export type JobOutcome =
  | { readonly kind: 'done'; readonly result: Json | null }
  /** Tried again from `runAt` on. */
  | { readonly kind: 'failed'; readonly error: string; readonly runAt: Instant }
  /** Not tried again by itself. */
  | { readonly kind: 'dead'; readonly error: string }
  | { readonly kind: 'cancelled' }
  /** Given back before it was through; the claim does not count as an attempt. */
  | { readonly kind: 'released' };

export interface JobEnding extends JobLease {
  readonly outcome: JobOutcome;
}

export interface JobRenewal extends JobLease {
  /** Replaces what was kept of its progress; absent when there is nothing new. */
  readonly progress?: Json;
}

/** A claim that still holds. */
export interface HeldJob extends JobLease {
  readonly cancelRequested: boolean;
}

export interface JobQuery {
  readonly status?: JobStatus;
  readonly kind?: string;
  /** The last id of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** What became of jobs whose holders let their leases pass. */
export interface LapsedJobs {
  readonly waiting: number;
  readonly dead: number;
  readonly cancelled: number;
}

export interface JobCounts {
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
  /** Of the waiting jobs of kinds of which none runs, the earliest `runAt`; null when there is none. The others wait for a place. */
  readonly oldestRunAt: Instant | null;
}

/**
 * Lives in the ledger; the row of a job is the truth about it.
 *
 * MUST: at any moment at most one claim of a job holds, however many claim at once and from wherever: the one with the job's newest
 * fence, while the job is running. Through any other nothing is renewed or ended.
 */
export interface JobStore {
  /**
   * @returns for each job its id, or that of the active job of its kind that has its dedupe key; then nothing was added.
   * MUST: of two units that add a job with the same kind and key at once one adds; the other finds that job.
   */
  insert(unit: Unit, jobs: readonly NewJob[]): Promise<readonly string[]>;
  /** True when a job of these kinds waits that is due. A glance for whoever would otherwise open a unit for nothing. */
  anyDue(now: Instant, kinds: readonly string[]): Promise<boolean>;
  /**
   * Takes due jobs, the highest priority first, whatever their kind; of one priority those of the kind first of which one is due longest,
   * and of one kind the longest due. They are running then, with one more attempt and the next fence. However many other jobs wait, only
   * those that are taken are read. MUST: units that claim at once neither get the same job nor wait for one another's; a job that another
   * unit is just looking at may be passed over, and is there for the next claim.
   */
  claim(unit: Unit, claim: JobClaim): Promise<readonly StoredJob[]>;
  /** Prolongs claims and keeps progress. @returns those that still hold */
  renew(unit: Unit, renewals: readonly JobRenewal[], leaseUntil: Instant): Promise<readonly HeldJob[]>;
  /**
   * Ends claims. A job that somebody asked to cancel is cancelled instead of tried again or given back.
   * @returns ids of those that still held, and only they were ended
   */
  end(unit: Unit, endings: readonly JobEnding[], now: Instant): Promise<ReadonlySet<string>>;
  /**
   * Takes at most `limit` running jobs from holders whose lease ended before `now`, or ends after `latest` (written before a clock was
   * set back): they wait again and are due, or are dead with `JOB_LEASE_LOST` after their last attempt, or cancelled where that was asked for.
   */
  lapse(
    unit: Unit,
    lapse: { readonly now: Instant; readonly latest: Instant; readonly limit: number },
  ): Promise<LapsedJobs>;
  /** One job, locked for this unit where the engine locks rows. */
  get(unit: Unit | null, id: string): Promise<StoredJob | null>;
  /** Writes the state of a job read in this unit. @returns false when it became active while another has its dedupe key; nothing is written then */
  update(unit: Unit, job: StoredJob): Promise<boolean>;
  /** Newest first. */
  list(query: JobQuery): Promise<readonly StoredJob[]>;
  counts(): Promise<JobCounts>;
  /** Forgets at most `limit` jobs that ended before `before` with this status. @returns how many */
  trim(status: 'done' | 'dead' | 'cancelled', before: Instant, limit: number): Promise<number>;
}
