import { hasCode, LmsError } from '../../foundation/kernel/index.js';
import { lostAsUnavailable, MysqlPool } from '../mysql/mysql-pool.js';
import { mysqlLabel, mysqlLink } from '../mysql/mysql-source.js';
import { newScratchName, type ScratchStore } from './scratch-store.js';

export interface ScratchMysqlOptions {
  /** Of a database that is there: the scratch database is made beside it by the same user, who must be allowed to. */
  readonly url: string;
  readonly allowInsecure?: boolean;
}

/**
 * A database of its own on the server of a MySQL or MariaDB store.
 * @throws LmsError `STORE_MISCONFIGURED` naming the grant that is missing, `STORE_UNAVAILABLE`, `DRIVER_MISSING`
 */
export function scratchMysql(options: ScratchMysqlOptions): Promise<ScratchStore<ScratchMysqlOptions>> {
  return scratchMysqlNamed(newScratchName(), options);
}

/** The same with the name of the database given. @throws LmsError as {@link scratchMysql} */
export async function scratchMysqlNamed(
  name: string,
  options: ScratchMysqlOptions,
): Promise<ScratchStore<ScratchMysqlOptions>> {
  const label = mysqlLabel(options);
  try {
    await onServer(options, `CREATE DATABASE ${name}`);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const grant = 'GRANT ALL PRIVILEGES ON `lms\\_verify\\_%`.* TO that user';
    throw new LmsError('STORE_MISCONFIGURED', {
      message: `${label}: the user may not make a database for the check; allow it: ${grant}`,
      cause: error,
    });
  }
  const url = new URL(options.url);
  url.pathname = `/${name}`;
  const source = { ...options, url: url.href };
  return {
    source,
    label: mysqlLabel(source),
    remove: () => onServer(options, `DROP DATABASE IF EXISTS ${name}`),
  };
}

const forbiddenErrors: readonly unknown[] = [1044, 1142, 1227];

function isForbidden(error: unknown): boolean {
  if (!hasCode(error, 'STORE_MISCONFIGURED') || !(error instanceof Error)) return false;
  const { cause } = error;
  return cause instanceof Error && 'errno' in cause && forbiddenErrors.includes(cause.errno);
}

async function onServer({ url, allowInsecure = false }: ScratchMysqlOptions, statement: string): Promise<void> {
  const link = await mysqlLink({ url }, { connectMillis: 5_000, poolSize: 1, allowInsecure });
  const server = mysqlLabel({ url });
  const pool = new MysqlPool(link.pool, {
    server,
    acquireMillis: 10_000,
    statementMillis: 30_000,
    lockWaitSeconds: 10,
  });
  try {
    await pool.using((connection) => connection.command(statement));
  } catch (error) {
    throw lostAsUnavailable(error, server);
  } finally {
    await pool.end();
  }
}
