import { setTimeout as sleep } from 'node:timers/promises';
import { LmsError } from '../../foundation/kernel/index.js';
import type { SqlOperation } from '../migrations/migration.js';
import type { MigrationTarget } from '../migrations/run-migrations.js';
import { applySqlOperation } from '../migrations/sql-changes.js';
import { layoutStatement } from '../migrations/sql-layout.js';
import { describeSqlOperation, type SqlHomes, sqlOperationsOf, tableReadBy } from '../migrations/sql-operations.js';
import type { ByteCollation } from '../sql/ddl.js';
import { Collision, type SqlConnection } from '../sql/sql-connection.js';
import { withLayoutLock } from './layout-lock.js';
import { byteCollationOf, ledgerStoreId, mysqlLayout } from './mysql-layout.js';
import { lostAsUnavailable, type MysqlConnection, MysqlPool } from './mysql-pool.js';
import type { MysqlServerSettings } from './mysql-server.js';
import { mysqlServerFacts, requireMysqlServer } from './mysql-server-check.js';
import { type MysqlSource, mysqlLabel, mysqlLink } from './mysql-source.js';

/**
 * A change of a table waits for transactions that use it, and everybody who comes later waits behind the change: so it gives up soon and
 * tries again.
 */
const tableLockSeconds = 5;
const attempts = 12;
const pauseMillis = 500;

export interface MysqlMigrationOptions {
  readonly source: MysqlSource;
  readonly settings: MysqlServerSettings;
  readonly homes: SqlHomes;
}

export interface MysqlMigrationTarget extends MigrationTarget<SqlOperation> {
  /** The store that a ledger is of; null while it says none, and where the documents are beside it. */
  storeId(): Promise<string | null>;
}

/** A database to migrate, on a connection of its own whose statements may take as long as they need. */
export async function onMysqlTarget<Result>(
  { source, settings, homes }: MysqlMigrationOptions,
  work: (target: MysqlMigrationTarget) => Promise<Result>,
): Promise<Result> {
  const server = mysqlLabel(source);
  const link = await mysqlLink(source, { ...settings, poolSize: 1 });
  const pool = new MysqlPool(link.pool, {
    server,
    acquireMillis: settings.connectMillis * 2,
    statementMillis: 0,
    lockWaitSeconds: settings.lockWaitMillis / 1000,
  });
  try {
    return await pool.using((connection) => onConnection(connection, { server, homes }, work));
  } catch (error) {
    throw lostAsUnavailable(error, server);
  } finally {
    if (link.owned) await pool.end();
  }
}

async function onConnection<Result>(
  connection: MysqlConnection,
  { server, homes }: { readonly server: string; readonly homes: SqlHomes },
  work: (target: MysqlMigrationTarget) => Promise<Result>,
): Promise<Result> {
  requireMysqlServer(await mysqlServerFacts(connection), server);
  const collation = await byteCollationOf(connection, server);
  await connection.command(`SET SESSION lock_wait_timeout = ${tableLockSeconds}`);
  try {
    return await work(mysqlTarget({ connection, server, homes, collation }));
  } finally {
    await connection.command('SET SESSION lock_wait_timeout = @@GLOBAL.lock_wait_timeout').catch(() => {});
  }
}

interface TargetOptions {
  readonly connection: SqlConnection;
  readonly server: string;
  readonly homes: SqlHomes;
  readonly collation: ByteCollation;
}

/** Each change of a table commits by itself: a step that was killed is begun again and finds what is done. */
function mysqlTarget({ connection, server, homes, collation }: TargetOptions): MysqlMigrationTarget {
  return {
    place: server,
    layout: () => mysqlLayout(connection),
    storeId: () => ledgerStoreId(connection),
    operationsOf: (migration) => sqlOperationsOf(migration, homes),
    describe: describeSqlOperation,
    readBy: tableReadBy,
    rowEstimates: () => rowEstimates(connection),
    exclusively: (step, waitMillis) => withLayoutLock(connection, step, waitMillis),
    apply: (operation, between) =>
      again(server, () => applySqlOperation({ flavour: 'mysql', connection, collation }, operation, between)),
    async record(layout) {
      await connection.execute(layoutStatement('mysql', layout));
    },
  };
}

/** Operations look what is done, so one that gave way to others is begun again. @throws LmsError `STORE_LOCKED` */
async function again(server: string, attempt: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Collision)) throw error;
      if (tries === attempts) {
        throw new LmsError('STORE_LOCKED', {
          message: `${server}: transactions have kept the table from being changed; try again when less is going on`,
          cause: error,
        });
      }
      await sleep(pauseMillis);
    }
  }
}

async function rowEstimates(connection: SqlConnection): Promise<ReadonlyMap<string, number>> {
  const { rows } = await connection.execute<{ readonly name: string; readonly found: number | null }>({
    sql: 'SELECT table_name AS name, table_rows AS found FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name',
    parameters: [],
  });
  return new Map(rows.map(({ name, found }) => [name, found ?? 0]));
}
