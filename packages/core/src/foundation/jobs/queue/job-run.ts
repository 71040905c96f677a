import { actorOf, type Clock, type Json, LmsError, type RandomSource, toInstant } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';
import { requireJson } from '../require-json.js';
import { errorCode } from '../retry-plan.js';
import { type Job, jobShown } from './job.js';
import { defaultBackoff, type JobContext, type JobHandler } from './job-handler.js';
import type { JobLease, JobOutcome, JobRenewal, JobStore, StoredJob } from './job-store.js';
import { mayDoBetter, pauseAfterTry } from './retry-decision.js';

export interface JobRunPorts {
  readonly jobs: JobStore;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Hears, in this process alone, what a handler threw, and why an end could not be written; never waited for. */
  readonly onError?: (error: unknown, context: { readonly job: Job }) => void;
}

/** Why a run is stopped before its handler is through. */
export type StopReason = 'cancelled' | 'lost' | 'released' | 'timeout';

type Settled = { readonly ok: true; readonly result: Json | null } | { readonly ok: false; readonly error: unknown };

/** How long a handler that was told to stop is waited for. */
const graceMillis = 5_000;
const mostCharacters = 8_000;

/** One try of one job. */
export class JobRun {
  readonly lease: JobLease;
  readonly kind: string;
  /** Until when, by the clock that nobody sets, no other worker can have the job. */
  validUntil: number;
  readonly #job: StoredJob;
  readonly #handler: JobHandler;
  readonly #ports: JobRunPorts;
  readonly #abort: AbortController = new AbortController();
  #stopped: StopReason | null = null;
  #progress: Json | undefined;
  #endedInUnit = false;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(job: StoredJob, handler: JobHandler, validUntil: number, ports: JobRunPorts) {
    this.lease = { id: job.id, fence: job.fence };
    this.kind = job.kind;
    this.validUntil = validUntil;
    this.#job = job;
    this.#handler = handler;
    this.#ports = ports;
  }

  /** Whether the handler ended it in a unit of its own, which may have failed since. */
  get endedInUnit(): boolean {
    return this.#endedInUnit;
  }

  /** Runs the handler, unless it was released before. @returns how the claim ends; null when it is another's. Never throws */
  async outcome(): Promise<JobOutcome | null> {
    if (this.#isStoppedBy('released')) return { kind: 'released' };
    const timer =
      this.#handler.timeoutMillis === undefined
        ? undefined
        : setTimeout(() => this.stop('timeout'), this.#handler.timeoutMillis);
    const settled = await Promise.race([this.#settled(), this.#stoppedForGood()]);
    clearTimeout(timer);
    clearTimeout(this.#grace);
    if (this.#stopped === 'lost') return null;
    if (settled.ok) return { kind: 'done', result: settled.result };
    if (this.#stopped === 'cancelled') return { kind: 'cancelled' };
    if (this.#stopped === 'released') return { kind: 'released' };
    const error = this.#stopped === 'timeout' ? timedOut(this.#handler) : settled.error;
    this.tell(error);
    return this.#failure(error);
  }

  /** Tells whoever listens in this process of an error that the job itself keeps nothing of but its code. */
  tell(error: unknown): void {
    try {
      this.#ports.onError?.(error, { job: jobShown(this.#job) });
    } catch {
      // Whoever listens must not end a job.
    }
  }

  /** Tells the handler to stop; the first reason counts. */
  stop(reason: StopReason): void {
    if (this.#stopped !== null) return;
    this.#stopped = reason;
    this.#abort.abort(errorOf(reason, this.#job, this.#handler));
  }

  #isStoppedBy(reason: StopReason): boolean {
    return this.#stopped === reason;
  }

  /** What keeps the claim, with the progress that is new. */
  renewal(): JobRenewal {
    const progress = this.#progress;
    this.#progress = undefined;
    return progress === undefined ? this.lease : { ...this.lease, progress };
  }

  /** A renewal that failed took its progress along. */
  takeBack({ progress }: JobRenewal): void {
    this.#progress ??= progress;
  }

  async #settled(): Promise<Settled> {
    try {
      const result = (await this.#handler.run(this.#context())) ?? null;
      requireJson(result, { what: 'the result of a job', most: mostCharacters });
      return { ok: true, result };
    } catch (error) {
      return { ok: false, error };
    }
  }

  #stoppedForGood(): Promise<Settled> {
    const { signal } = this.#abort;
    return new Promise((resolve) => {
      const resolveLater = (): void => {
        this.#grace = setTimeout(() => resolve({ ok: false, error: signal.reason }), graceMillis);
      };
      signal.addEventListener('abort', resolveLater, { once: true });
    });
  }

  #context(): JobContext {
    return {
      job: jobShown(this.#job),
      actor: actorOf(this.#job),
      signal: this.#abort.signal,
      progress: (progress) => {
        requireJson(progress, { what: 'the progress of a job', most: mostCharacters });
        this.#progress = progress;
      },
      finishIn: (unit, result = null) => this.#finishIn(unit, result),
    };
  }

  async #finishIn(unit: Unit, result: Json): Promise<void> {
    requireJson(result, { what: 'the result of a job', most: mostCharacters });
    const { jobs, clock } = this.#ports;
    const outcome = { kind: 'done', result } as const;
    const ended = await jobs.end(unit, [{ ...this.lease, outcome }], toInstant(clock.now()));
    if (!ended.has(this.lease.id)) throw errorOf('lost', this.#job, this.#handler);
    this.#endedInUnit = true;
  }

  #failure(error: unknown): JobOutcome {
    const { attempts, maxAttempts } = this.#job;
    const code = errorCode(error);
    if (attempts >= maxAttempts || !mayDoBetter(error)) return { kind: 'dead', error: code };
    const { clock, random } = this.#ports;
    const pause = pauseAfterTry(attempts, this.#handler.backoff ?? defaultBackoff, random);
    return { kind: 'failed', error: code, runAt: toInstant(clock.now() + pause) };
  }
}

/** Whether a handler was told to stop so that another worker has its job, or will have it. */
export function isHandedOn({ reason }: AbortSignal): boolean {
  return LmsError.isInstance(reason) && reason.details['handedOn'] === true;
}

function errorOf(reason: StopReason, job: StoredJob, handler: JobHandler): LmsError {
  switch (reason) {
    case 'timeout':
      return timedOut(handler);
    case 'lost':
      return new LmsError('JOB_LEASE_LOST', {
        message: `the job ${job.id} is no longer this worker's`,
        details: { handedOn: true },
      });
    case 'cancelled':
      return new LmsError('COMMAND_ABORTED', { message: `the job ${job.id} was cancelled` });
    case 'released':
      return new LmsError('COMMAND_ABORTED', {
        message: `the worker of the job ${job.id} stops`,
        details: { handedOn: true },
      });
  }
}

function timedOut({ kind, timeoutMillis = 0 }: JobHandler): LmsError {
  return new LmsError('JOB_TIMEOUT', { message: `a job ${kind} took longer than ${timeoutMillis} ms` });
}
