import { resolve } from 'node:path';
import { LmsError } from '../foundation/kernel/index.js';
import type { MigratePolicy } from './migrations-port.js';
import { snapshotPort } from './snapshot-port.js';
import { documentStores } from './sql/documents/index.js';
import { sqliteFlavour } from './sql/flavour.js';
import { ledgerStores } from './sql/ledger/index.js';
import { fileTurns } from './sql/sqlite/file-turns.js';
import { sqliteHealth } from './sql/sqlite/health.js';
import { inMemory } from './sql/sqlite/in-memory.js';
import { sqliteLoading } from './sql/sqlite/sqlite-loading.js';
import { sqliteMigrations } from './sql/sqlite/sqlite-migrations.js';
import { sqliteSnapshot } from './sql/sqlite/sqlite-snapshot.js';
import { SqliteStore } from './sql/sqlite/sqlite-store.js';
import type { Storage } from './storage.js';

export type { MigratePolicy, StorageMigrations } from './migrations-port.js';
export { rawSqlite } from './raw/sqlite-raw.js';
export type { RawStore, RawTransaction, Violation } from './raw-store.js';
export type { ScratchStore } from './scratch/scratch-store.js';
export { scratchSqlite } from './scratch/sqlite-scratch.js';
export type { Storage } from './storage.js';

export interface SqliteOptions {
  /** Path of the file; made when it is missing, its folder is not. `:memory:` keeps nothing, for tests; its reads do not wait for commits. */
  readonly file: string;
  /** How long a unit of work or the opening waits for another process, in milliseconds; 5,000 by default. */
  readonly busyTimeoutMillis?: number;
  /**
   * What opening does with a store of an older release: `at-open` (default) brings it to the layout of this one, `refuse` fails with
   * `STORE_OUTDATED`.
   */
  readonly migrate?: MigratePolicy;
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
  const { file, busyTimeoutMillis = defaultBusyTimeoutMillis, migrate = 'at-open' } = options;
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
  const store = new SqliteStore({ file: path, busyTimeoutMillis, migrate });
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
    snapshots: snapshotPort({
      async snapshot() {
        await store.open();
        return sqliteSnapshot(path);
      },
      load: () => sqliteLoading(path, busyTimeoutMillis),
    }),
    migrations: sqliteMigrations({ file: path, patienceMillis: busyTimeoutMillis }),
    unitOfWork: store.writer,
    turns: fileTurns(path),
    ...documentStores(context),
    ...ledgerStores(context),
  };
}
