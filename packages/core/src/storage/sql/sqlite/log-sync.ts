import { close, fdatasync, open } from 'node:fs';
import { promisify } from 'node:util';
import { LmsError, type LmsErrorOptions } from '../../../foundation/kernel/index.js';

const openFile: (file: string, flags: string) => Promise<number> = promisify(open);
const syncData: (file: number) => Promise<void> = promisify(fdatasync);
const closeFile: (file: number) => Promise<void> = promisify(close);

/** What brings the write-ahead log to the disk. */
export interface LogFile {
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * null where there is no log, or this process may not open or sync it; commits then sync by themselves.
 * @param file as SQLite has it open, links followed: beside another name there may be the log of another file
 */
export async function openLogFile(file: string | null): Promise<LogFile | null> {
  if (file === null) return null;
  try {
    // A number, as a `FileHandle` that nobody closed makes Node.js warn when it is collected, and a store may be dropped unclosed.
    const log = await openFile(`${file}-wal`, 'r+');
    // Node's permission model forbids it, even where the file may be written.
    const mayBeSynced = await syncData(log).then(
      () => true,
      () => false,
    );
    if (!mayBeSynced) {
      await closeFile(log);
      return null;
    }
    return { sync: () => syncData(log), close: () => closeFile(log) };
  } catch {
    return null;
  }
}

/**
 * Brings commits to the disk beside the calling thread, where a sync would stand still for a millisecond or more. Syncs run one
 * after the other, and commits made during one share the next.
 */
export class LogSync {
  readonly #log: LogFile;
  readonly #file: string;
  #running: Promise<void> = Promise.resolve();
  /** Has not begun yet, so it will cover what is committed now. */
  #next: Promise<void> | null = null;
  #failure: LmsError | null = null;

  constructor(log: LogFile, file: string) {
    this.#log = log;
    this.#file = file;
  }

  /** Set once a sync has failed: then nobody knows what is on the disk, until the store is opened anew. */
  get failure(): LmsError | null {
    return this.#failure;
  }

  /**
   * Resolves when all that was committed before the call is on the disk.
   * @throws LmsError `STORE_UNSYNCED` with `details.outcome: 'unknown'`: it is committed, and may be lost with the power
   */
  synced(): Promise<void> {
    if (this.#next === null) {
      this.#next = this.#running.then(() => this.#sync());
      this.#running = this.#next.catch(() => undefined);
    }
    return this.#next;
  }

  /** Waits for the syncs that were asked for. */
  async close(): Promise<void> {
    await this.#running;
    await this.#log.close();
  }

  async #sync(): Promise<void> {
    this.#next = null;
    if (this.#failure === null) {
      try {
        return await this.#log.sync();
      } catch (cause) {
        this.#failure = notSynced(this.#file, { cause });
      }
    }
    throw notSynced(this.#file, { cause: this.#failure.cause, details: { outcome: 'unknown' } });
  }
}

/** Trying again here would be of no use: after a failed sync the system may call pages clean that never reached the disk. */
function notSynced(file: string, how: Pick<LmsErrorOptions, 'cause' | 'details'>): LmsError {
  const message = `${file} could not be brought to the disk; check the disk, then open the store anew (start this program again)`;
  return new LmsError('STORE_UNSYNCED', { message, path: file, ...how });
}
