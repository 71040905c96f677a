import type { JobWorker, StopOptions, WorkerOptions, WorkerReport } from './foundation/jobs/index.js';
import { LmsError } from './foundation/kernel/index.js';

/** Works beside the jobs. */
interface OtherWorker {
  /** Code of the error with which the store refuses it something; null while it works. */
  readonly lastError: string | null;
  /** What must be done before it starts. @throws LmsError `STORE_*` */
  prepare?(): Promise<void>;
  /** Does nothing when it runs already. */
  start(): void;
  stop(timeoutMillis?: number): Promise<void>;
}

/** The workers of an open store. */
export interface OpenWorkers {
  readonly jobs: JobWorker;
  readonly others: readonly OtherWorker[];
}

const nothingDone: WorkerReport = { running: 0, done: 0, failed: 0, lastError: null };

/**
 * Starts and stops all workers of a process together. The last that was asked for counts, in whatever order it is heard: a stop while the
 * store is still being opened keeps them from starting, a start while they are stopping starts them again afterwards, and once closed
 * none is ever started.
 */
export class LmsWorkers {
  readonly #open: () => Promise<OpenWorkers>;
  #workers: OpenWorkers | null = null;
  /** Of the newest start or stop. */
  #turn = 0;
  #stopping: Promise<unknown> | null = null;
  #isClosed = false;

  constructor(open: () => Promise<OpenWorkers>) {
    this.#open = open;
  }

  /** @throws LmsError `STORE_CLOSED`, `INPUT_INVALID` for kinds that nothing here runs; what opening the store throws */
  async start(options?: WorkerOptions): Promise<void> {
    this.#requireOpen();
    this.#turn += 1;
    const turn = this.#turn;
    await this.#stopping;
    const workers = await this.#open();
    for (const other of workers.others) if (turn === this.#turn) await other.prepare?.();
    this.#requireOpen();
    if (turn !== this.#turn) return;
    this.#workers = workers;
    workers.jobs.start(options);
    for (const other of workers.others) other.start();
  }

  async stop(options: StopOptions = {}): Promise<void> {
    this.#turn += 1;
    const workers = this.#workers;
    if (workers === null) return;
    const stopped = Promise.all([
      workers.jobs.stop(options),
      ...workers.others.map((other) => other.stop(options.timeoutMillis)),
    ]);
    const stopping = Promise.all([this.#stopping, stopped]);
    this.#stopping = stopping;
    try {
      await stopped;
    } finally {
      if (this.#stopping === stopping) this.#stopping = null;
    }
  }

  /** Stops them for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.stop();
  }

  /** What it did of jobs; what the store refuses any of the workers. */
  get report(): WorkerReport {
    if (this.#workers === null) return nothingDone;
    const { jobs, others } = this.#workers;
    const { lastError, ...done } = jobs.report;
    return { ...done, lastError: lastError ?? others.find((other) => other.lastError !== null)?.lastError ?? null };
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new LmsError('STORE_CLOSED', { message: 'this store was closed; make a new one' });
  }
}
