import type { MigratePolicy } from '../../migrations-port.js';
import { Collision, type SqlConnection, type SqlResult, type SqlStatement } from '../sql-connection.js';
import { GroupCommitWriter } from './group-commit-writer.js';
import { type OpenedStore, openStore } from './open-store.js';
import { pauseBeforeTry, storeLocked } from './patience.js';
import { storeClosed } from './sqlite-failure.js';

export interface SqliteStoreOptions {
  readonly file: string;
  readonly busyTimeoutMillis: number;
  /** What opening does with a store of an older release. */
  readonly migrate?: MigratePolicy | undefined;
}

/** The open or not yet open file: one writer, one reader, one thread for wide reads. The first call of any opens it. */
export class SqliteStore {
  readonly #options: SqliteStoreOptions;
  readonly writer: GroupCommitWriter;
  readonly reader: SqlConnection;
  /** Reads off the calling thread what may take long. */
  readonly scanner: SqlConnection;
  #opening: Promise<OpenedStore> | null = null;
  #opened: OpenedStore | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
    this.writer = new GroupCommitWriter({ ...options, connect: async () => (await this.#openOnce()).writer });
    this.reader = { execute: (statement) => this.#read(statement, ({ reader }) => reader) };
    this.scanner = {
      execute: (statement) => this.#read(statement, ({ readingThread, reader }) => readingThread ?? reader),
    };
  }

  /** Once, however many callers; a failed opening may be tried again. @throws LmsError also `STORE_CLOSED` */
  open(): Promise<OpenedStore> {
    return this.#closing ? Promise.reject(storeClosed(this.#options.file)) : this.#openOnce();
  }

  /** Waits for the units that were begun, opening the file for them if need be. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #openOnce(): Promise<OpenedStore> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<OpenedStore> {
    try {
      const { file, busyTimeoutMillis, migrate } = this.#options;
      this.#opened = await openStore(file, busyTimeoutMillis, migrate);
      return this.#opened;
    } catch (error) {
      this.#opening = null;
      throw error;
    }
  }

  async #close(): Promise<void> {
    await this.writer.close();
    const opened = await this.#opening?.catch(() => null);
    this.#opened = null;
    if (!opened) return;
    await opened.readingThread?.close();
    opened.reader.close();
    opened.writer.close();
  }

  async #read<Row>(
    statement: SqlStatement,
    connectionOf: (opened: OpenedStore) => SqlConnection,
  ): Promise<SqlResult<Row>> {
    const reader = connectionOf(this.#opened ?? (await this.open()));
    try {
      return await reader.execute<Row>(statement);
    } catch (error) {
      if (!(error instanceof Collision)) throw error;
      return this.#readAgain(reader, statement);
    }
  }

  /** A reader meets a lock only while the log is recovered or another process opens or closes the file. */
  async #readAgain<Row>(reader: SqlConnection, statement: SqlStatement): Promise<SqlResult<Row>> {
    const { file, busyTimeoutMillis } = this.#options;
    const deadline = performance.now() + busyTimeoutMillis;
    for (let tries = 0; performance.now() < deadline; tries += 1) {
      await pauseBeforeTry(tries);
      try {
        return await reader.execute<Row>(statement);
      } catch (error) {
        if (!(error instanceof Collision)) throw error;
      }
    }
    throw storeLocked(file, busyTimeoutMillis);
  }
}
