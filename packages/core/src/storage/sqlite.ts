import { resolve } from 'node:path';
import { LmsError } from '../foundation/kernel/index.js';
import { documentStores } from './sql/documents/index.js';
import { sqliteFlavour } from './sql/flavour.js';
import { ledgerStores } from './sql/ledger/index.js';
import { sqliteHealth } from './sql/sqlite/health.js';
import { inMemory } from './sql/sqlite/in-memory.js';
import { SqliteStore } from './sql/sqlite/sqlite-store.js';
import type { Storage } from './storage.js';

export type { Storage, StorageFinding } from './storage.js';

export interface SqliteOptions {
  /** Path of the file; made when it is missing, its folder is not. `:memory:` keeps nothing, for tests; its reads do not wait for commits. */
  readonly file: string;
  /** How long a unit of work or the opening waits for another process, in milliseconds; 5,000 by default. */
  readonly busyTimeoutMillis?: number;
}

const defaultBusyTimeoutMillis = 5_000;

/**
 * The embedded store: one file, no server, nothing to install. Several processes on one machine may share it. Callers that
 * come at the same time are committed together; every promise resolves after its data is on the disk.
 *
 * ```ts
 * const lms = await createLms({ storage: sqlite({ file: 'lms.db' }) });
 * ```
 *
 * @throws LmsError `CONFIG_INVALID` for an empty file name or a negative time-out; opening has its own errors
 */
export function sqlite(options: SqliteOptions): Storage {
  const { file, busyTimeoutMillis = defaultBusyTimeoutMillis } = options;
  if (file.length === 0 || file.includes('\0')) {
    throw new LmsError('CONFIG_INVALID', { message: 'sqlite: expected the path of a file', path: 'file' });
  }
  if (!Number.isFinite(busyTimeoutMillis) || busyTimeoutMillis < 0) {
    throw new LmsError('CONFIG_INVALID', {
      message: `sqlite: expected a time-out in milliseconds, got ${busyTimeoutMillis}`,
      path: 'busyTimeoutMillis',
    });
  }
  const path = file === inMemory ? file : resolve(file);
  const store = new SqliteStore({ file: path, busyTimeoutMillis });
  const context = { flavour: sqliteFlavour, reader: store.reader, scanner: store.scanner, unitOfWork: store.writer };
  return {
    shape: 'sqlite',
    label: file,
    defaultKeyFile: file === inMemory ? null : `${path}.key`,
    open: async () => {
      await store.open();
    },
    close: () => store.close(),
    check: () => sqliteHealth(store, path),
    unitOfWork: store.writer,
    ...documentStores(context),
    ...ledgerStores(context),
  };
}
