import { LmsError } from '../../foundation/kernel/index.js';
import { refuseOutdated, refuseTooNew } from '../migrations/layout.js';
import type { SqlOperation } from '../migrations/migration.js';
import { migrations, newestLayout, newestReadableBy } from '../migrations/migrations.js';
import { applySqlOperation, type SqlChanges } from '../migrations/sql-changes.js';
import { type LayoutRow, layoutOfRows, layoutStatement, readLayoutRows } from '../migrations/sql-layout.js';
import { sqlOperationsOf } from '../migrations/sql-operations.js';
import type { Layout } from '../migrations-port.js';
import { type ByteCollation, byteCollations, ddl } from '../sql/ddl.js';
import { layoutName, schemaName } from '../sql/schema.js';
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
 * Makes the tables of a new store, one process at a time, and checks that updates count the rows they match. Killed anywhere, the next
 * one goes on, of a later release too.
 * @throws LmsError `STORE_TOO_NEW`, `STORE_OUTDATED`, `STORE_LOCKED`, `STORE_MISCONFIGURED`
 */
export async function prepareMysqlLayout(
  connection: SqlConnection,
  tables: readonly TableDescription[],
  server: string,
): Promise<void> {
  const missing = (): Promise<readonly TableDescription[]> => missingTables(connection, tables, server);
  if ((await missing()).length > 0) {
    const collation = await byteCollationOf(connection, server);
    // Looked for again when it is our turn: another process, of another release too, may have made them meanwhile.
    await withLayoutLock(connection, async () => makeTables({ connection, collation }, await missing()));
  }
  await requireFoundRows(connection, server);
}

/** Those to make; of a store that says its layout none, whatever became of them. @throws LmsError `STORE_TOO_NEW`, `STORE_OUTDATED` */
async function missingTables(
  connection: SqlConnection,
  tables: readonly TableDescription[],
  server: string,
): Promise<readonly TableDescription[]> {
  const layout = await mysqlLayout(connection);
  if (layout === null) return tables;
  refuseTooNew(layout, server);
  refuseOutdated(layout, server);
  // Stores of the first layout may have been made before it had this table.
  const identity = tables.filter(({ name }) => name === 'store_identity');
  return identity.length > 0 && !(await hasTable(connection, 'store_identity')) ? identity : [];
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
  { connection, collation }: Pick<SqlChanges, 'connection' | 'collation'>,
  tables: readonly TableDescription[],
): Promise<void> {
  const isLeftBehind = await hasAnyOf(connection, tables);
  for (const sql of ddl('mysql', tables, collation)) await connection.execute({ sql, parameters: [] });
  // Whoever began may have been of an older release, whose tables are not those of this one.
  const steps = isLeftBehind ? operationsOn(tables) : [];
  for (const step of steps) await applySqlOperation({ flavour: 'mysql', connection, collation }, step, async () => {});
  await connection.execute(layoutStatement('mysql', { version: newestLayout, readableBy: newestReadableBy }));
}

async function hasAnyOf(connection: SqlConnection, tables: readonly TableDescription[]): Promise<boolean> {
  const { rows } = await connection.execute<{ readonly name: string }>({
    sql: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
    parameters: [],
  });
  return tables.some(({ name }) => rows.some((row) => row.name === name));
}

/** Every change that was ever made to these tables; each finds out whether it is done. */
function operationsOn(tables: readonly TableDescription[]): readonly SqlOperation[] {
  const names = new Set(tables.map(({ name }) => name));
  const tableOf = (operation: SqlOperation): string => {
    if (operation.kind === 'run') return operation.reads;
    return operation.kind === 'create-table' ? operation.table.name : operation.table;
  };
  return migrations
    .flatMap((migration) => sqlOperationsOf(migration, 'both'))
    .filter((operation) => names.has(tableOf(operation)));
}

/** An update that changes nothing still matched its row; without this, a compare-and-swap would look refused. */
async function requireFoundRows(connection: SqlConnection, server: string): Promise<void> {
  const { affected } = await connection.execute({
    // Not the row that whoever adds up the totals of boards has locked.
    sql: 'UPDATE store_schema SET version = version WHERE name = ?',
    parameters: [layoutName],
  });
  if (affected === 1) return;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: `${server}: the pool counts changed rows; make it with flags: ['FOUND_ROWS']`,
    details: { setting: 'FOUND_ROWS' },
  });
}
