import { LmsError } from '../../foundation/kernel/index.js';
import { refuseOutdated, refuseTooNew } from '../migrations/layout.js';
import { newestLayout, newestReadableBy } from '../migrations/migrations.js';
import { type LayoutRow, layoutOfRows, layoutStatements, readLayoutRows } from '../migrations/sql-layout.js';
import type { Layout } from '../migrations-port.js';
import { type ByteCollation, byteCollations, ddl } from '../sql/ddl.js';
import { schemaName } from '../sql/schema.js';
import type { TableDescription } from '../sql/schema-description.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { withLayoutLock } from './layout-lock.js';

/** What a database says of its layout; null for one without tables of ours. */
export async function mysqlLayout(connection: SqlConnection): Promise<Layout | null> {
  if (!(await hasTable(connection, 'store_schema'))) return null;
  const { rows } = await connection.execute<LayoutRow>(readLayoutRows);
  return layoutOfRows(rows);
}

/** The store that the ledger is of; null while it says none. */
export async function ledgerStoreId(connection: SqlConnection): Promise<string | null> {
  if (!(await hasTable(connection, 'store_identity'))) return null;
  const { rows } = await connection.execute<{ readonly id: string }>({
    sql: 'SELECT id FROM store_identity WHERE name = ?',
    parameters: [schemaName],
  });
  return rows[0]?.id ?? null;
}

async function hasTable(connection: SqlConnection, name: string): Promise<boolean> {
  const { rows } = await connection.execute({
    sql: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
    parameters: [name],
  });
  return rows.length > 0;
}

/**
 * Makes the tables of a new store, one process at a time, and checks that updates count the rows they match.
 * @throws LmsError `STORE_TOO_NEW`, `STORE_OUTDATED`, `STORE_LOCKED`, `STORE_MISCONFIGURED`
 */
export async function prepareMysqlLayout(
  connection: SqlConnection,
  tables: readonly TableDescription[],
  server: string,
): Promise<void> {
  const layout = await mysqlLayout(connection);
  if (layout !== null) {
    refuseTooNew(layout, server);
    refuseOutdated(layout, server);
  }
  // Stores of the first layout may have been made before it had this table.
  const identity = tables.find(({ name }) => name === 'store_identity');
  const isComplete = layout !== null && (identity === undefined || (await hasTable(connection, identity.name)));
  if (!isComplete) await makeTables(connection, tables, await byteCollationOf(connection, server));
  await requireFoundRows(connection, server);
}

/** How the server compares text byte by byte, trailing spaces too, as the other engines do. @throws LmsError `STORE_MISCONFIGURED` */
export async function byteCollationOf(connection: SqlConnection, server: string): Promise<ByteCollation> {
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
  await withLayoutLock(connection, async () => {
    for (const sql of ddl('mysql', tables, collation)) await connection.execute({ sql, parameters: [] });
    const layout = { version: newestLayout, readableBy: newestReadableBy };
    for (const statement of layoutStatements('mysql', layout)) await connection.execute(statement);
  });
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
