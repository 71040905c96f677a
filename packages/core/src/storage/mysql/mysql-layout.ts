import { LmsError } from '../../foundation/kernel/index.js';
import { type ByteCollation, byteCollations, ddl } from '../sql/ddl.js';
import { schemaName, schemaVersion } from '../sql/schema.js';
import type { TableDescription } from '../sql/schema-description.js';
import type { SqlConnection } from '../sql/sql-connection.js';

/** In turns of a second each: a statement that waited longer could meet its time-out. */
const lockTurns = 60;

/** The version of a store's tables; 0 for a database without them. */
export async function mysqlSchemaVersion(connection: SqlConnection): Promise<number> {
  if (!(await hasTable(connection, 'store_schema'))) return 0;
  const { rows } = await connection.execute<{ readonly version: number }>({
    sql: 'SELECT version FROM store_schema WHERE name = ?',
    parameters: [schemaName],
  });
  return rows[0]?.version ?? 0;
}

async function hasTable(connection: SqlConnection, name: string): Promise<boolean> {
  const { rows } = await connection.execute({
    sql: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
    parameters: [name],
  });
  return rows.length > 0;
}

/**
 * Makes missing tables, one process at a time, and checks that updates count the rows they match.
 * @throws LmsError `STORE_TOO_NEW`, `STORE_MISCONFIGURED`
 */
export async function prepareMysqlLayout(
  connection: SqlConnection,
  tables: readonly TableDescription[],
  server: string,
): Promise<void> {
  const version = await mysqlSchemaVersion(connection);
  if (version > schemaVersion) {
    throw new LmsError('STORE_TOO_NEW', {
      message: `${server} has schema ${version}; this release knows ${schemaVersion}. Upgrade LMS`,
    });
  }
  // Stores of version 1 may have been made before it had this table.
  const identity = tables.find(({ name }) => name === 'store_identity');
  const isComplete =
    version === schemaVersion && (identity === undefined || (await hasTable(connection, identity.name)));
  if (!isComplete) await makeTables(connection, tables, await byteCollationOf(connection, server));
  await requireFoundRows(connection, server);
}

/** How the server compares text byte by byte, trailing spaces too, as the other engines do. */
async function byteCollationOf(connection: SqlConnection, server: string): Promise<ByteCollation> {
  const { rows } = await connection.execute<{ readonly name: string }>({
    sql: "SELECT collation_name AS name FROM information_schema.collations WHERE collation_name LIKE 'utf8mb4%bin'",
    parameters: [],
  });
  const found = byteCollations.find((collation) => rows.some(({ name }) => name === collation));
  if (found !== undefined) return found;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: `${server}: the server has none of the collations ${byteCollations.join(', ')}; expected MySQL 8.0.17 or later, or MariaDB 10.11 or later`,
    details: { setting: 'collation' },
  });
}

async function makeTables(
  connection: SqlConnection,
  tables: readonly TableDescription[],
  collation: ByteCollation,
): Promise<void> {
  await takeLock(connection);
  try {
    for (const sql of ddl('mysql', tables, collation)) await connection.execute({ sql, parameters: [] });
    await connection.execute({
      sql: 'INSERT INTO store_schema (name, version) VALUES (?, ?) ON DUPLICATE KEY UPDATE version = GREATEST(version, ?)',
      parameters: [schemaName, schemaVersion, schemaVersion],
    });
  } finally {
    await connection.execute({ sql: `SELECT RELEASE_LOCK(${lockName})`, parameters: [] });
  }
}

const lockName = "CONCAT('lms:', LEFT(SHA2(DATABASE(), 256), 40))";

/** @throws LmsError `STORE_LOCKED` */
async function takeLock(connection: SqlConnection): Promise<void> {
  for (let turn = 0; turn < lockTurns; turn += 1) {
    const { rows } = await connection.execute<{ readonly locked: number | null }>({
      sql: `SELECT GET_LOCK(${lockName}, 1) AS locked`,
      parameters: [],
    });
    if (rows[0]?.locked === 1) return;
  }
  throw new LmsError('STORE_LOCKED', { message: `another process has been making tables for ${lockTurns} seconds` });
}

/** An update that changes nothing still matched its row; without this, a compare-and-swap would look refused. */
async function requireFoundRows(connection: SqlConnection, server: string): Promise<void> {
  const { affected } = await connection.execute({
    sql: 'UPDATE store_schema SET version = version WHERE name = ?',
    parameters: [schemaName],
  });
  if (affected === 1) return;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: `${server}: the pool counts changed rows; make it with flags: ['FOUND_ROWS']`,
    details: { setting: 'FOUND_ROWS' },
  });
}
