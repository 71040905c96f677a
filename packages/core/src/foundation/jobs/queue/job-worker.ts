import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { LmsError, quoted } from '../../kernel/index.js';
import { Nap } from '../nap.js';
import { Troubles } from '../troubles.js';
import { type HandsReport, JobHands, type JobHandsPorts } from './job-hands.js';
import type { CheckedJobSettings } from './job-settings.js';
import type { Wakeup } from './wakeup.js';

export interface JobWorkerPorts extends Omit<JobHandsPorts, 'holder' | 'leaseMillis'> {
  readonly wakeup: Wakeup;
  /** What else is done from time to time: what a crash left to be told, what is old enough to be forgotten. */
  readonly housekeeping: (signal: AbortSignal) => Promise<unknown>;
  /** Fires timers and runs schedules that are due; one look at each where none is. Stops between two batches. */
  readonly fireDue: (signal: AbortSignal) => Promise<unknown>;
  /** A name that no other worker has. */
  readonly holder: () => string;
}

export interface WorkerOptions {
  /** Handlers that run at once; 10 when absent. */
  readonly concurrency?: number;
  /** Only jobs of these kinds; all that there are handlers for when absent. */
  readonly kinds?: readonly string[];
}

export interface StopOptions {
  /** How long running handlers may go on, in milliseconds, before they are told to stop and their jobs given back; 30,000 when absent. */
  readonly timeoutMillis?: number;
}

/** What a worker has done since it started. */
export interface WorkerReport {
  readonly running: number;
  readonly done: number;
  /** Tries that failed, whether or not there will be another. */
  readonly failed: number;
  /** Code of the error with which the store refuses it something, the newest first; null while it works. */
  readonly lastError: string | null;
}

export interface RoundOptions {
  /** Jobs at most; 100 when absent, and none where it is 0. */
  readonly limit?: number;
  /** After so many milliseconds nothing more is begun, and what still runs is given back; 20,000 when absent. */
  readonly millis?: number;
  /** Ends the round early, as if its time were over. */
  readonly signal?: AbortSignal;
}

/** How late a timer or a schedule is at most, where a worker has time. */
const looksEveryMillis = 1_000;
const defaultConcurrency = 10;
const defaultStopMillis = 30_000;
const defaultRound = { limit: 100, millis: 20_000 };

/**
 * Runs jobs. Any number of workers may run, in any processes: each job is in one's hands at a time. What a worker that died had
 * in hand waits again once its lease has ended.
 */
export class JobWorker {
  readonly #ports: JobWorkerPorts;
  readonly #settings: CheckedJobSettings;
  #hands: JobHands | null = null;
  /** Those of before it was stopped. */
  #past: JobHands | null = null;
  #claiming: Promise<void> = Promise.resolve();
  #beating: Promise<void> = Promise.resolve();
  #firing: Promise<void> = Promise.resolve();
  #tidying: Promise<unknown> | null = null;
  #stopping = false;
  #stops: AbortController = new AbortController();
  /** Nothing is in hand any more. */
  #isOver = false;
  readonly #claimNap = new Nap();
  readonly #beatNap = new Nap();
  /** What whoever told it of jobs waits for: that it has looked and has room for more. */
  #room: Promise<void> | null = null;
  #giveRoom: () => void = () => undefined;
  /** A store that is away is tried again with the next beat. */
  readonly #troubles = new Troubles();

  constructor(ports: JobWorkerPorts, settings: CheckedJobSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /**
   * Begins to claim jobs; does nothing when it runs already.
   * @throws LmsError `INPUT_INVALID` for kinds that nothing here runs, and where it would run none at once
   */
  start({ concurrency = defaultConcurrency, kinds }: WorkerOptions = {}): void {
    if (this.#hands !== null) return;
    requireConcurrency(concurrency);
    const known = this.#known(kinds);
    const hands = this.#newHands();
    this.#hands = hands;
    this.#stopping = false;
    this.#stops = new AbortController();
    this.#isOver = false;
    hands.onFree(() => this.#claimNap.rouse());
    const stopListening = this.#ports.wakeup.onWake(known, () => this.#lookNow());
    this.#claiming = this.#claim(hands, concurrency, known).finally(() => {
      stopListening();
      this.#answerWakers();
    });
    this.#beating = this.#beat(hands);
    this.#firing = this.#fire(this.#stops.signal);
  }

  /**
   * Claims nothing more, waits for what runs, and gives back at once what does not end in time. Resolves when nothing is under way;
   * at once when it does not run.
   */
  async stop({ timeoutMillis = defaultStopMillis }: StopOptions = {}): Promise<void> {
    const hands = this.#hands;
    if (hands === null) return;
    this.#stopping = true;
    this.#stops.abort();
    this.#claimNap.rouse();
    await this.#claiming;
    hands.release('resumable');
    const timer = setTimeout(() => hands.release('all'), timeoutMillis);
    await hands.settled();
    clearTimeout(timer);
    this.#isOver = true;
    this.#beatNap.rouse();
    await this.#beating;
    await this.#firing;
    await this.#tidying;
    this.#past = hands;
    this.#hands = null;
  }

  get report(): WorkerReport {
    const hands = this.#hands ?? this.#past;
    const { done, failed } = hands?.report ?? { done: 0, failed: 0 };
    return { running: hands?.size ?? 0, done, failed, lastError: this.#troubles.last };
  }

  /** One bounded round, for where no worker runs. @throws LmsError `STORE_*` */
  async round({ signal, ...options }: RoundOptions = {}): Promise<HandsReport> {
    const { limit, millis } = { ...defaultRound, ...options };
    if (limit <= 0) return { done: 0, failed: 0, givenBack: 0 };
    const hands = this.#newHands();
    await hands.lapse();
    const until = performance.now() + millis;
    const release = (): void => hands.release('all');
    const timer = setTimeout(release, millis);
    signal?.addEventListener('abort', release);
    const beats = setInterval(
      () => void this.#troubles.trying('keep', () => hands.keep()),
      this.#settings.heartbeatMillis,
    );
    try {
      for (let left = limit; left > 0 && performance.now() < until && signal?.aborted !== true; ) {
        const begun = await hands.take(Math.min(left, defaultConcurrency), this.#known(undefined));
        await hands.settled();
        if (begun.length === 0) break;
        left -= begun.length;
      }
    } finally {
      await hands.settled();
      clearInterval(beats);
      clearTimeout(timer);
      signal?.removeEventListener('abort', release);
    }
    return hands.report;
  }

  #newHands(): JobHands {
    return new JobHands({ ...this.#ports, holder: this.#ports.holder(), leaseMillis: this.#settings.leaseMillis });
  }

  /** @throws LmsError `INPUT_INVALID` for kinds that nothing here runs */
  #known(kinds: readonly string[] | undefined): readonly string[] {
    const known = [...this.#ports.handlers.keys()];
    const unknown = kinds?.filter((kind) => !known.includes(kind)) ?? [];
    if (unknown.length === 0) return kinds === undefined ? known : [...new Set(kinds)];
    throw new LmsError('INPUT_INVALID', {
      message: `this process runs no jobs ${unknown.map(quoted).join(', ')}; it runs ${known.join(', ')}`,
      path: 'kinds',
    });
  }

  async #claim(hands: JobHands, concurrency: number, kinds: readonly string[]): Promise<void> {
    while (!this.#stopping) {
      const roused = this.#claimNap.for(this.#settings.pollMillis);
      const free = concurrency - hands.size;
      const begun = (free > 0 ? await this.#troubles.trying('take', () => hands.take(free, kinds)) : null) ?? [];
      // Whoever gets something tells others, until one finds nothing: so all have work while there is any.
      const told = begun.length > 0 ? this.#ports.wakeup.passOn([...new Set(begun)]) : Promise.resolve();
      if (hands.size < concurrency) void told.then(() => this.#answerWakers());
      if (begun.length > 0 && hands.size < concurrency) {
        // There may be more; those that end together leave their places together.
        await nextTurn();
        this.#claimNap.rouse();
      }
      await roused;
    }
  }

  /** Resolves when it has looked and has room for another job, or looks no more. */
  #lookNow(): Promise<void> {
    this.#claimNap.rouse();
    this.#room ??= new Promise((resolve) => {
      this.#giveRoom = resolve;
    });
    return this.#room;
  }

  #answerWakers(): void {
    this.#giveRoom();
    this.#room = null;
  }

  async #beat(hands: JobHands): Promise<void> {
    const { heartbeatMillis, housekeepingMillis } = this.#settings;
    const { signal } = this.#stops;
    let housekeepAt = performance.now();
    while (!this.#isOver) {
      await this.#troubles.trying('keep', () => hands.keep());
      if (!this.#stopping) await this.#troubles.trying('lapse', () => hands.lapse());
      if (!this.#stopping && performance.now() >= housekeepAt) {
        housekeepAt = performance.now() + housekeepingMillis;
        // Beside the beats, which must not wait for it.
        this.#tidying ??= this.#troubles
          .trying('housekeeping', () => this.#ports.housekeeping(signal))
          .finally(() => {
            this.#tidying = null;
          });
      }
      if (!this.#isOver) await this.#beatNap.for(heartbeatMillis);
    }
  }

  async #fire(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#troubles.trying('fire', () => this.#ports.fireDue(signal));
      await sleep(looksEveryMillis, undefined, { signal }).catch(() => undefined);
    }
  }
}

function requireConcurrency(concurrency: number): void {
  if (Number.isInteger(concurrency) && concurrency >= 1) return;
  const message = `a worker runs a whole number of jobs at once, 1 or more, not ${concurrency}`;
  throw new LmsError('INPUT_INVALID', { message, path: 'concurrency' });
}
