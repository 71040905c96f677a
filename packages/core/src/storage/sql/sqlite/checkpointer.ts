import { Worker } from 'node:worker_threads';
import { inMemory } from './in-memory.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** Commits, or rows changed, within a second that show a busy writer; a process that writes little never starts a thread. */
const busyCommitsPerSecond = 25;
const busyChangesPerSecond = 2_000;
/**
 * The log begins anew when it holds some 32 MB. Pages that many commits touch are copied once for all of them, so an import
 * of leads takes a tenth less processor time than with 16 MB.
 */
const fullLogFrames = 8_000;
/** How far the log may grow while the thread is behind, before a commit does the copying itself. */
const overfullLogFrames = 24_000;
const pauseBetweenCopiesMillis = 300;

/**
 * Runs on the thread. Two passes: what was written during the first, long one is copied in the second, short one. Node 22
 * warns once a thread that node:sqlite is experimental; the main thread has said so already.
 */
const program = `
  process.removeAllListeners('warning');
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(workerData);
  const copy = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  parentPort.on('message', () => {
    copy.get();
    parentPort.postMessage(copy.get().log);
  });
`;

/**
 * Copies the write-ahead log back into the file (a checkpoint) on a thread of its own. On the writer's thread that takes 30
 * ms every few hundred units, and all callers wait. The thread can never finish, as the writer goes on writing, so the
 * writer copies the last frames itself, and the log begins anew.
 */
export class Checkpointer {
  readonly #file: string;
  #worker: Worker | null = null;
  #copying = false;
  #lastFrames = false;
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
    if (this.#lastFrames) {
      this.#lastFrames = false;
      this.#copiedAt = now;
      copyLog(connection);
    } else if (!this.#copying && now - this.#copiedAt > pauseBetweenCopiesMillis) {
      this.#copying = true;
      this.#worker.postMessage('copy');
    }
  }

  async close(): Promise<void> {
    this.#gaveUp = true;
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
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
      this.#copying = false;
      this.#copiedAt = performance.now();
      this.#lastFrames = frames >= fullLogFrames;
    });
    // Without the thread commits copy the log, as SQLite does by itself.
    worker.on('error', () => this.#withoutThread(connection));
    this.#worker = worker;
    connection.exec(`PRAGMA wal_autocheckpoint = ${overfullLogFrames}`);
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
    connection.exec(`PRAGMA wal_autocheckpoint = ${fullLogFrames}`);
  }
}

/** A copy that fails, on a full disk for one, harms nothing: the log keeps every commit, and the next copy tries again. */
function copyLog(connection: SqliteConnection): void {
  try {
    connection.first('PRAGMA wal_checkpoint(PASSIVE)');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
