import { type Finding, LmsError } from '../../foundation/kernel/index.js';
import { layoutFinding } from '../migrations/layout.js';
import { clockFinding } from '../server-clock.js';
import type { TableDescription } from '../sql/schema-description.js';
import { Collision } from '../sql/sql-connection.js';
import { mysqlLayout, prepareMysqlLayout } from './mysql-layout.js';
import { lostAsUnavailable, MysqlPool } from './mysql-pool.js';
import { requireMysqlRights } from './mysql-rights.js';
import { mysqlServerFacts, requireMysqlServer } from './mysql-server-check.js';
import { type MysqlLinkOptions, type MysqlSource, mysqlLabel, mysqlLink, requirePoolSize } from './mysql-source.js';
import { mysqlTables, requireMysqlTables } from './mysql-table-check.js';

export interface MysqlTimeouts {
  /** How long reaching a server may take, each (default 5,000). */
  readonly connectMillis?: number;
  /** How long one SQL statement may take (default 30,000). */
  readonly statementMillis?: number;
  /** How long a row lock is waited for, in whole seconds (default 5,000). */
  readonly lockWaitMillis?: number;
}

export const defaultMysqlTimeouts: Required<MysqlTimeouts> = {
  connectMillis: 5000,
  statementMillis: 30_000,
  lockWaitMillis: 5000,
};

export interface MysqlServerSettings extends MysqlLinkOptions, Required<MysqlTimeouts> {}

/** A server that was reached, checked and laid out. */
export interface MysqlServer {
  readonly pool: MysqlPool;
  /** Ends a pool that LMS itself made; one that was given stays open. */
  close(): Promise<void>;
}

/** @throws LmsError `STORE_UNAVAILABLE`, `STORE_MISCONFIGURED`, `STORE_CORRUPT`, `STORE_TOO_NEW`, `STORE_LOCKED`, `DRIVER_MISSING` */
export async function openMysqlServer(
  source: MysqlSource,
  settings: MysqlServerSettings,
  tables: readonly TableDescription[],
): Promise<MysqlServer> {
  const label = mysqlLabel(source);
  requirePoolSize(source, label);
  const link = await mysqlLink(source, settings);
  const pool = new MysqlPool(link.pool, {
    server: label,
    acquireMillis: settings.connectMillis * 2,
    statementMillis: settings.statementMillis,
    lockWaitSeconds: settings.lockWaitMillis / 1000,
  });
  const server: MysqlServer = {
    pool,
    async close() {
      if (link.owned) await pool.end();
    },
  };
  try {
    await pool.using(async (connection) => {
      requireMysqlServer(await mysqlServerFacts(connection), label);
      await prepareMysqlLayout(connection, tables, label);
      await requireMysqlRights(connection);
      requireMysqlTables(await mysqlTables(connection), tables, label);
    });
  } catch (error) {
    await server.close();
    throw error instanceof Collision ? lockedByAnother(error, label) : lostAsUnavailable(error, label);
  }
  return server;
}

function lockedByAnother(cause: Collision, server: string): LmsError {
  return new LmsError('STORE_LOCKED', {
    message: `${server}: another transaction has locked what is looked at when the store is opened; try again`,
    cause,
  });
}

/** What `lms doctor` prints of the server. */
export async function mysqlFindings(pool: MysqlPool): Promise<readonly Finding[]> {
  const [facts, layout] = await pool.using(async (connection) => [
    await mysqlServerFacts(connection),
    await mysqlLayout(connection),
  ]);
  const durable = facts.flushAtCommit === 1;
  return [
    { name: 'mysql version', ok: true, message: facts.version },
    { name: 'mysql session', ok: true, message: `${facts.isolation}, ${facts.mode}` },
    layoutFinding('mysql schema', layout),
    clockFinding('mysql', facts.now),
    {
      name: 'mysql durability',
      ok: durable,
      message: durable
        ? 'innodb_flush_log_at_trx_commit is 1'
        : `innodb_flush_log_at_trx_commit is ${facts.flushAtCommit}: a crash can lose commits; set it to 1`,
    },
  ];
}
