import { setTimeout as sleep } from 'node:timers/promises';
import { LmsError, toInstant } from '../../kernel/index.js';
import type { UnitOfWork } from '../../persistence/index.js';
import { Coalescer } from '../coalescer.js';
import type { JobHandler } from './job-handler.js';
import { JobRun, type JobRunPorts } from './job-run.js';
import type { JobEnding, JobOutcome, JobShare, LapsedJobs, StoredJob } from './job-store.js';

export interface JobHandsPorts extends JobRunPorts {
  readonly unitOfWork: UnitOfWork;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  /** Names the worker in what it claims. */
  readonly holder: string;
  readonly leaseMillis: number;
}

/** How the jobs ended that were in hand, as far as that is written. */
export interface HandsReport {
  readonly done: number;
  /** Tries that failed, whether or not there will be another; also those whose lease passed, and whose end could not be written. */
  readonly failed: number;
  /** Jobs that were given back before they were through. */
  readonly givenBack: number;
}

/** An end, and whether the claim still held when it was written. */
interface PendingEnding {
  readonly ending: JobEnding;
  hasHeld: boolean;
}

/** No lease is longer: what ends later was written by a clock that has been set back since. */
export const longestLeaseMillis = 300_000;

const claimedAtOnce = 500;
const endingsAtOnce = 200;
const lapsedAtOnce = 200;
const pauseBeforeEndingAgainMillis = 500;

/** The jobs that one worker has in hand: claims them, keeps them and ends them, many in one commit. */
export class JobHands {
  readonly #ports: JobHandsPorts;
  readonly #runs: Map<string, JobRun> = new Map();
  readonly #underWay: Set<Promise<void>> = new Set();
  readonly #endings: Coalescer<PendingEnding>;
  #report: HandsReport = { done: 0, failed: 0, givenBack: 0 };
  #isReleased = false;
  #whenFree: () => void = () => undefined;

  constructor(ports: JobHandsPorts) {
    this.#ports = ports;
    this.#endings = new Coalescer(endingsAtOnce, async (pending) => {
      const { unitOfWork, jobs, clock } = ports;
      const endings = pending.map(({ ending }) => ending);
      const ended = await unitOfWork.run('ledger', (unit) => jobs.end(unit, endings, toInstant(clock.now())));
      for (const one of pending) one.hasHeld = ended.has(one.ending.id);
    });
  }

  /** How many handlers run. */
  get size(): number {
    return this.#runs.size;
  }

  get report(): HandsReport {
    return this.#report;
  }

  /** Calls back whenever a handler has ended. */
  onFree(listener: () => void): void {
    this.#whenFree = listener;
  }

  /**
   * Claims due jobs of these kinds, `limit` or 500 at most, and begins them.
   * @returns the kind of each
   * @throws LmsError `STORE_*`
   */
  async take(limit: number, kinds: readonly string[]): Promise<readonly string[]> {
    const { jobs, unitOfWork, clock, holder, leaseMillis } = this.#ports;
    const now = toInstant(clock.now());
    const most = Math.min(limit, claimedAtOnce);
    const shares = this.#shares(most, kinds);
    const shared = shares.map(({ kind }) => kind);
    if (shares.length === 0 || !(await jobs.anyDue(now, shared))) return [];
    const validUntil = performance.now() + leaseMillis;
    const leaseUntil = toInstant(clock.now() + leaseMillis);
    const claimed = await unitOfWork.run('ledger', (unit) =>
      jobs.claim(unit, { shares, holder, now, leaseUntil, limit: most }),
    );
    for (const job of claimed) this.#begin(job, validUntil);
    return claimed.map(({ kind }) => kind);
  }

  /** Keeps what is in hand for another lease, tells its progress, and hears what is to be stopped. @throws LmsError `STORE_*` */
  async keep(): Promise<void> {
    const { jobs, unitOfWork, clock, leaseMillis } = this.#ports;
    const began = performance.now();
    const runs = [...this.#runs.values()];
    if (runs.length === 0) return;
    const renewals = runs.map((run) => run.renewal());
    try {
      const leaseUntil = toInstant(clock.now() + leaseMillis);
      const held = await unitOfWork.run('ledger', (unit) => jobs.renew(unit, renewals, leaseUntil));
      const byId = new Map(held.map((one) => [one.id, one]));
      for (const run of runs) {
        const one = byId.get(run.lease.id);
        if (one === undefined) run.stop('lost');
        else run.validUntil = began + leaseMillis;
        if (one?.cancelRequested === true) run.stop('cancelled');
      }
    } catch (error) {
      for (const [at, run] of runs.entries()) {
        run.takeBack(renewals[at] ?? run.lease);
        // Nobody can be asked, and another may have it by now.
        if (run.validUntil <= performance.now()) run.stop('lost');
      }
      throw error;
    }
  }

  /** Takes jobs back from workers that are gone. @throws LmsError `STORE_*` */
  async lapse(): Promise<LapsedJobs> {
    const { jobs, unitOfWork, clock } = this.#ports;
    const now = clock.now();
    const latest = toInstant(now + 2 * longestLeaseMillis);
    const lapse = { now: toInstant(now), latest, limit: lapsedAtOnce };
    return unitOfWork.run('ledger', (unit) => jobs.lapse(unit, lapse));
  }

  /** Tells handlers to stop, all or those that another worker can go on with; what does not end in time is given back. */
  release(which: 'all' | 'resumable'): void {
    // What is claimed at this moment is given back without having begun.
    if (which === 'all') this.#isReleased = true;
    for (const run of this.#runs.values()) {
      if (which === 'all' || this.#ports.handlers.get(run.kind)?.resumable === true) run.stop('released');
    }
  }

  /** Waits until everything that was begun, also meanwhile, has ended, and that is written. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** How many there is room for of each kind. */
  #shares(limit: number, kinds: readonly string[]): readonly JobShare[] {
    const running = new Map<string, number>();
    for (const { kind } of this.#runs.values()) running.set(kind, (running.get(kind) ?? 0) + 1);
    const shares: JobShare[] = [];
    for (const kind of kinds) {
      const { concurrency: most, apartFrom = [] } = this.#ports.handlers.get(kind) ?? {};
      if (apartFrom.some((other) => running.has(other))) continue;
      const places = most === undefined ? limit : Math.min(limit, most - (running.get(kind) ?? 0));
      if (places > 0) shares.push({ kind, limit: places });
    }
    return shares;
  }

  #begin(job: StoredJob, validUntil: number): void {
    const handler = this.#ports.handlers.get(job.kind);
    if (handler === undefined) throw new LmsError('INTERNAL', { message: `a job ${job.kind} was claimed unasked` });
    const run = new JobRun(job, handler, validUntil, this.#ports);
    if (this.#isReleased) run.stop('released');
    this.#runs.set(job.id, run);
    const underWay: Promise<void> = this.#see(run).finally(() => this.#underWay.delete(underWay));
    this.#underWay.add(underWay);
  }

  async #see(run: JobRun): Promise<void> {
    const outcome = await run.outcome();
    this.#runs.delete(run.lease.id);
    this.#whenFree();
    const hasHeld = outcome !== null && (await this.#end(run, { ...run.lease, outcome }));
    // A handler that ended it with its effect leaves nothing to be ended here.
    this.#count(hasHeld || (outcome?.kind === 'done' && run.endedInUnit) ? outcome : null);
  }

  #count(ended: JobOutcome | null): void {
    const { done, failed, givenBack } = this.#report;
    if (ended?.kind === 'done') this.#report = { done: done + 1, failed, givenBack };
    else if (ended?.kind === 'released') this.#report = { done, failed, givenBack: givenBack + 1 };
    else if (ended?.kind !== 'cancelled') this.#report = { done, failed: failed + 1, givenBack };
  }

  /**
   * While the store is away it is tried again for as long as nobody else can have the job; afterwards the job runs again.
   * @returns whether the claim held until now, and has ended
   */
  async #end(run: JobRun, ending: JobEnding): Promise<boolean> {
    const pending = { ending, hasHeld: false };
    for (;;) {
      try {
        await this.#endings.add(pending);
        return pending.hasHeld;
      } catch (error) {
        const mayPass = LmsError.isInstance(error) && error.retryable;
        if (!mayPass || performance.now() + pauseBeforeEndingAgainMillis >= run.validUntil) {
          run.tell(error);
          return false;
        }
        await sleep(pauseBeforeEndingAgainMillis);
      }
    }
  }
}
