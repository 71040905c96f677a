import { cryptoRandom } from '../foundation/kernel/index.js';
import type { UnitOfWork } from '../foundation/persistence/index.js';
import { migrateTarget, statusOf } from './migrations/storage-migrations.js';
import type { MigratePolicy, StorageMigrations } from './migrations-port.js';
import { mysqlFilling, mysqlLoading, unlessRestoring } from './mysql/mysql-loading.js';
import { type MysqlMigrationOptions, onMysqlTarget } from './mysql/mysql-migrations.js';
import type { MysqlPool } from './mysql/mysql-pool.js';
import { defaultMysqlTimeouts, type MysqlTimeouts, mysqlFindings, openMysqlServer } from './mysql/mysql-server.js';
import { mysqlSnapshot } from './mysql/mysql-snapshot.js';
import { type MysqlSource, mysqlLabel, unitsAtOnce } from './mysql/mysql-source.js';
import { mysqlTurns } from './mysql/mysql-turns.js';
import { MysqlUnitOfWork } from './mysql/mysql-unit-of-work.js';
import { oneCopyAtATime } from './one-copy.js';
import { OpenedOnce } from './opened-once.js';
import { defaultRepeatPolicy } from './repeat-policy.js';
import { snapshotPort } from './snapshot-port.js';
import { documentStores } from './sql/documents/index.js';
import { mysqlFlavour } from './sql/flavour.js';
import { ledgerStores } from './sql/ledger/index.js';
import { bothHomesSchema } from './sql/schema.js';
import type { SqlConnection } from './sql/sql-connection.js';
import type { Storage } from './storage.js';
import { requirePositive } from './whole-settings.js';

export type { MigratePolicy, StorageMigrations } from './migrations-port.js';
export type { MysqlConnectionHandle, MysqlPoolHandle } from './mysql/mysql-handle.js';
export type { MysqlTimeouts } from './mysql/mysql-server.js';
export type { MysqlSource } from './mysql/mysql-source.js';
export { type RawMysqlOptions, rawMysql } from './raw/mysql-raw.js';
export type { RawStore, RawTransaction, Violation } from './raw-store.js';
export { type ScratchMysqlOptions, scratchMysql } from './scratch/mysql-scratch.js';
export type { ScratchStore } from './scratch/scratch-store.js';

/** A URL, or a pool that you keep and end: MySQL 8.0.17 or later, or MariaDB 10.11 or later. */
export type MysqlOptions = MysqlSource & {
  readonly timeouts?: MysqlTimeouts;
  /**
   * Units at once (default 16); a quarter more connections, at least three, serve reads, turns and backups. A pool that you give keeps
   * its own size, at least four; three of them are left to those.
   */
  readonly poolSize?: number;
  /** Allows a link off this machine without TLS. */
  readonly allowInsecure?: boolean;
  /**
   * What opening does with a store of an older release: `refuse` (default) fails with `STORE_OUTDATED` until `lms storage migrate` or
   * `storage.migrations.run()` was called, `at-open` migrates it.
   */
  readonly migrate?: MigratePolicy;
};

/**
 * One server for everything: documents and ledger in MySQL or MariaDB, with the same code as the embedded store. A unit is one
 * transaction of both, so read models and trail are never behind. Connects to nothing until `open`, which makes missing tables and
 * checks what the guarantees need (READ COMMITTED, a strict mode, matched rows counted).
 *
 * ```ts
 * const storage = mysql({ url: 'mysql://lms@127.0.0.1:3306/lms' });
 * ```
 *
 * @throws LmsError `STORE_MISCONFIGURED` for a URL that is none, `CONFIG_INVALID` for a time-out or size that is none
 */
export function mysql(options: MysqlOptions): Storage {
  const settings = {
    ...defaultMysqlTimeouts,
    ...options.timeouts,
    poolSize: options.poolSize ?? 16,
    allowInsecure: options.allowInsecure ?? false,
  };
  requirePositive(settings);
  const label = mysqlLabel(options);
  const database: MysqlMigrationOptions = { source: options, settings, homes: 'both' };
  const migrations: StorageMigrations = {
    status: () => onMysqlTarget(database, async (target) => [await statusOf('store', target)]),
    run: (runOptions = {}) =>
      onMysqlTarget(database, async (target) => [await migrateTarget('store', target, runOptions)]),
  };
  const opened = new OpenedOnce(async () => {
    if (options.migrate === 'at-open') await migrations.run();
    const server = await openMysqlServer(options, settings, bothHomesSchema);
    return unlessRestoring(server, server.pool, label);
  });
  const pool = (): MysqlPool => opened.connection.pool;
  const transactions = new MysqlUnitOfWork({
    open: pool,
    server: label,
    random: cryptoRandom(),
    repeats: defaultRepeatPolicy,
    bothHomes: true,
    unitsAtOnce: unitsAtOnce(options, settings.poolSize),
  });
  const unitOfWork: UnitOfWork = {
    oneDatabase: true,
    run: (home, work, unitOptions = {}) => opened.run(() => transactions.run(home, work, unitOptions)),
  };
  const reader: SqlConnection = {
    execute: (statement) => opened.read(({ pool }) => pool.reader.execute(statement)),
  };
  const context = { flavour: mysqlFlavour, reader, scanner: reader, unitOfWork };

  return {
    shape: 'mysql',
    label,
    defaultKeyFile: null,

    open: () => opened.open(),
    close: () => opened.close(),

    async check() {
      return mysqlFindings(pool());
    },

    migrations,

    snapshots: snapshotPort({
      snapshot: oneCopyAtATime(async () => mysqlSnapshot(pool(), label)),
      async load() {
        const server = await openMysqlServer(options, settings, bothHomesSchema);
        return mysqlLoading(mysqlFilling(server.pool, { server: label, schema: bothHomesSchema }), () =>
          server.close(),
        );
      },
    }),

    unitOfWork,
    turns: mysqlTurns(pool, label),
    ...documentStores(context),
    ...ledgerStores(context),
  };
}
