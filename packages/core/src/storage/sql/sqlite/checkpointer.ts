import { Worker } from 'node:worker_threads';
import { inMemory } from './in-memory.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** Commits, or rows changed, within a second that show a busy writer; a process that writes little never starts a thread. */
const busyCommitsPerSecond = 25;
const busyChangesPerSecond = 2_000;
/**
 * The log begins anew when it holds some 64 MB: pages that many commits touch are copied once for all of them, and a transaction waits
 * for the last pass, which takes some 70 ms, less often.
 */
const fullLogFrames = 16_000;
/** How far the log may grow while the thread is behind, before a commit does the copying itself. */
const overfullLogFrames = 24_000;
const pauseBetweenCopiesMillis = 300;

/**
 * Runs on the thread. Node 22 warns once a thread that node:sqlite is experimental; the main thread has said so already.
 */
const program = `
  process.removeAllListeners('warning');
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(workerData);
  const copy = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  parentPort.on('message', () => {
    parentPort.postMessage(copy.get().log);
  });
`;

/**
 * Copies the write-ahead log back into the file (a checkpoint) on a thread of its own. On the writer's thread that takes 50
 * ms every few hundred units, and all callers wait. While the writer goes on writing the thread can never finish, so when
 * the log is long the next transaction begins after the thread's last, short pass; then the log begins anew.
 */
export class Checkpointer {
  readonly #file: string;
  #worker: Worker | null = null;
  #pass: Pass | null = null;
  #full = false;
  /** The pass under way is the one that the next transaction waits for. */
  #last = false;
  #copiedAt = 0;
  #secondBegan = 0;
  #commitsInSecond = 0;
  #changesBefore = 0;
  #changesAtLastCommit = 0;
  #gaveUp = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** To be called after each commit, outside a transaction. Never throws: the commit stands whatever becomes of the log. */
  afterCommit(connection: SqliteConnection): void {
    const now = performance.now();
    if (!this.#worker) {
      if (this.#isBusy(now, connection) && !this.#gaveUp && this.#file !== inMemory) this.#start(connection);
      return;
    }
    if (this.#pass !== null || (!this.#full && now - this.#copiedAt < pauseBetweenCopiesMillis)) return;
    this.#last = this.#full;
    this.#pass = startedPass();
    this.#worker.postMessage('copy');
  }

  /** To be awaited before a transaction begins; null when it may begin at once. */
  beforeBegin(): Promise<void> | null {
    if (!this.#last || this.#pass === null) return null;
    // Nothing else may keep the process alive while a unit waits.
    this.#worker?.ref();
    return this.#pass.ended;
  }

  async close(): Promise<void> {
    this.#gaveUp = true;
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#endPass(false);
  }

  #isBusy(now: number, connection: SqliteConnection): boolean {
    const changes = connection.totalChanges;
    if (now - this.#secondBegan > 1_000) {
      this.#secondBegan = now;
      this.#commitsInSecond = 0;
      this.#changesBefore = this.#changesAtLastCommit;
    }
    this.#changesAtLastCommit = changes;
    this.#commitsInSecond += 1;
    return this.#commitsInSecond >= busyCommitsPerSecond || changes - this.#changesBefore >= busyChangesPerSecond;
  }

  #start(connection: SqliteConnection): void {
    const worker = this.#newWorker();
    if (worker === null) return;
    worker.unref();
    worker.on('message', (frames: number) => {
      this.#copiedAt = performance.now();
      // After its last pass the log begins anew, unless another process wrote meanwhile: then a further pass is due.
      this.#endPass(!this.#last && frames >= fullLogFrames);
    });
    // Without the thread commits copy the log, as SQLite does by itself.
    worker.on('error', () => this.#withoutThread(connection));
    this.#worker = worker;
    connection.exec(`PRAGMA wal_autocheckpoint = ${overfullLogFrames}`);
  }

  #endPass(full: boolean): void {
    const pass = this.#pass;
    this.#pass = null;
    this.#last = false;
    this.#full = full;
    this.#worker?.unref();
    pass?.end();
  }

  /** Null where threads are forbidden (Node's permission model) or cannot be had; commits then copy the log. */
  #newWorker(): Worker | null {
    try {
      return new Worker(program, { eval: true, workerData: this.#file });
    } catch {
      this.#gaveUp = true;
      return null;
    }
  }

  #withoutThread(connection: SqliteConnection): void {
    if (this.#worker === null) return;
    this.#worker = null;
    this.#gaveUp = true;
    this.#endPass(false);
    connection.exec(`PRAGMA wal_autocheckpoint = ${fullLogFrames}`);
  }
}

/** A copying that is under way. */
interface Pass {
  readonly ended: Promise<void>;
  readonly end: () => void;
}

function startedPass(): Pass {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}
