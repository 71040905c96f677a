import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../retry-plan.js';
import { JobHands, type JobHandsPorts } from './job-hands.js';
import type { CheckedJobSettings } from './job-settings.js';
import type { Wakeup } from './wakeup.js';

export interface JobWorkerPorts extends Omit<JobHandsPorts, 'holder' | 'leaseMillis'> {
  readonly wakeup: Wakeup;
  /** What else is done from time to time: what a crash left to be told, what is old enough to be forgotten. */
  readonly housekeeping: () => Promise<unknown>;
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
  /** Code of the error with which the store last refused it; null when it never did. */
  readonly lastError: string | null;
}

export interface RoundOptions {
  /** Jobs at most; 100 when absent, and none where it is 0. */
  readonly limit?: number;
  /** After so many milliseconds nothing more is begun, and what still runs is given back; 20,000 when absent. */
  readonly millis?: number;
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
  #rouse: () => void = () => undefined;
  /** What whoever told it of jobs waits for: that it has looked and has room for more. */
  #room: Promise<void> | null = null;
  #giveRoom: () => void = () => undefined;
  #stopBeats: () => void = () => undefined;
  #lastError: string | null = null;

  constructor(ports: JobWorkerPorts, settings: CheckedJobSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /** Begins to claim jobs; does nothing when it runs already. */
  start({ concurrency = defaultConcurrency, kinds }: WorkerOptions = {}): void {
    if (this.#hands !== null) return;
    const hands = this.#newHands();
    this.#hands = hands;
    this.#stopping = false;
    this.#stops = new AbortController();
    this.#isOver = false;
    hands.onFree(() => this.#rouse());
    const known = this.#known(kinds);
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
    this.#rouse();
    await this.#claiming;
    hands.release('resumable');
    const timer = setTimeout(() => hands.release('all'), timeoutMillis);
    await hands.settled();
    clearTimeout(timer);
    this.#isOver = true;
    this.#stopBeats();
    await this.#beating;
    await this.#firing;
    await this.#tidying;
    this.#past = hands;
    this.#hands = null;
  }

  get report(): WorkerReport {
    const hands = this.#hands ?? this.#past;
    const { done, failed } = hands?.report ?? { done: 0, failed: 0 };
    return { running: hands?.size ?? 0, done, failed, lastError: this.#lastError };
  }

  /** One bounded round, for where no worker runs. @throws LmsError `STORE_*` */
  async round(options: RoundOptions = {}): Promise<{ readonly done: number; readonly failed: number }> {
    const { limit, millis } = { ...defaultRound, ...options };
    if (limit <= 0) return { done: 0, failed: 0 };
    const hands = this.#newHands();
    await hands.lapse();
    const until = performance.now() + millis;
    const timer = setTimeout(() => hands.release('all'), millis);
    const beats = setInterval(() => void this.#trying(() => hands.keep()), this.#settings.heartbeatMillis);
    try {
      for (let left = limit; left > 0 && performance.now() < until; ) {
        const begun = await hands.take(Math.min(left, defaultConcurrency), this.#known(undefined));
        await hands.settled();
        if (begun.length === 0) break;
        left -= begun.length;
      }
    } finally {
      await hands.settled();
      clearInterval(beats);
      clearTimeout(timer);
    }
    return hands.report;
  }

  #newHands(): JobHands {
    return new JobHands({ ...this.#ports, holder: this.#ports.holder(), leaseMillis: this.#settings.leaseMillis });
  }

  #known(kinds: readonly string[] | undefined): readonly string[] {
    const known = [...this.#ports.handlers.keys()];
    return kinds === undefined ? known : known.filter((kind) => kinds.includes(kind));
  }

  async #claim(hands: JobHands, concurrency: number, kinds: readonly string[]): Promise<void> {
    while (!this.#stopping) {
      const roused = this.#napFor(this.#settings.pollMillis);
      const free = concurrency - hands.size;
      const begun = (free > 0 ? await this.#trying(() => hands.take(free, kinds)) : null) ?? [];
      // Whoever gets something tells others, until one finds nothing: so all have work while there is any.
      const told = begun.length > 0 ? this.#ports.wakeup.passOn([...new Set(begun)]) : Promise.resolve();
      if (hands.size < concurrency) void told.then(() => this.#answerWakers());
      if (begun.length > 0 && hands.size < concurrency) {
        // There may be more; those that end together leave their places together.
        await nextTurn();
        this.#rouse();
      }
      await roused;
    }
  }

  /** Resolves when it has looked and has room for another job, or looks no more. */
  #lookNow(): Promise<void> {
    this.#rouse();
    this.#room ??= new Promise((resolve) => {
      this.#giveRoom = resolve;
    });
    return this.#room;
  }

  #answerWakers(): void {
    this.#giveRoom();
    this.#room = null;
  }

  /** Ends after so long, or when roused. */
  #napFor(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #beat(hands: JobHands): Promise<void> {
    const { heartbeatMillis, housekeepingMillis } = this.#settings;
    let housekeepAt = performance.now();
    while (!this.#isOver) {
      await this.#trying(() => hands.keep());
      if (!this.#stopping) await this.#trying(() => hands.lapse());
      if (!this.#stopping && performance.now() >= housekeepAt) {
        housekeepAt = performance.now() + housekeepingMillis;
        // Beside the beats, which must not wait for it.
        this.#tidying ??= this.#trying(this.#ports.housekeeping).finally(() => {
          this.#tidying = null;
        });
      }
      if (!this.#isOver) await this.#pauseFor(heartbeatMillis);
    }
  }

  async #fire(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#trying(() => this.#ports.fireDue(signal));
      await sleep(looksEveryMillis, undefined, { signal }).catch(() => undefined);
    }
  }

  #pauseFor(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#stopBeats = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** A store that is away is tried again with the next beat. */
  async #trying<Result>(work: () => Promise<Result>): Promise<Result | null> {
    try {
      return await work();
    } catch (error) {
      this.#lastError = errorCode(error);
      return null;
    }
  }
}
