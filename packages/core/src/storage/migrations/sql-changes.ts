import {
  addColumnStatement,
  addIndexStatement,
  type ByteCollation,
  ddl,
  dropIndexStatement,
  quote,
} from '../sql/ddl.js';
import type { FlavourName } from '../sql/flavour.js';
import type { SqlConnection, SqlStatement } from '../sql/sql-connection.js';
import type { SqlFill, SqlOperation } from './migration.js';

/** An SQL database that is changed. */
export interface SqlChanges {
  readonly flavour: FlavourName;
  readonly connection: SqlConnection;
  /** Of a MySQL server's text columns. */
  readonly collation: ByteCollation;
}

/** How each engine is asked whether a table has a column or an index: table and name are the parameters. */
const lookUps: Readonly<Record<FlavourName, { readonly column: string; readonly index: string }>> = {
  sqlite: {
    column: 'SELECT name FROM pragma_table_info(?) WHERE name = ?',
    index: "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND name = ?",
  },
  mysql: {
    column:
      'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?',
    index:
      'SELECT index_name AS name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ?',
  },
};

const rowsABatch = 1000;

/**
 * Makes the change unless it is made already.
 * @param between called after each batch with the number of its rows
 */
export async function applySqlOperation(
  changes: SqlChanges,
  operation: SqlOperation,
  between: (rows: number) => Promise<void>,
): Promise<void> {
  const { flavour, collation } = changes;
  switch (operation.kind) {
    case 'create-table':
      for (const sql of ddl(flavour, [operation.table], collation)) await run(changes, sql);
      return;
    case 'add-column': {
      const { table, column, description } = operation;
      if (await has(changes, 'column', table, column)) return;
      await run(changes, addColumnStatement(flavour, { table, column, description }, collation));
      return;
    }
    case 'add-index': {
      const { table, index } = operation;
      if (flavour === 'mysql' && index.isNull !== undefined) return;
      if (await has(changes, 'index', table, index.name)) return;
      await run(changes, addIndexStatement(flavour, table, index));
      return;
    }
    case 'drop-index':
      if (!(await has(changes, 'index', operation.table, operation.index))) return;
      await run(changes, dropIndexStatement(flavour, operation.table, operation.index));
      return;
    case 'run':
      await run(changes, operation.statement[flavour]);
      return;
    case 'fill':
      return fill(changes, operation, between);
  }
}

async function has(
  { flavour, connection }: SqlChanges,
  what: 'column' | 'index',
  table: string,
  name: string,
): Promise<boolean> {
  const { rows } = await connection.execute({ sql: lookUps[flavour][what], parameters: [table, name] });
  return rows.length > 0;
}

async function run({ connection }: SqlChanges, sql: string): Promise<void> {
  await connection.execute({ sql, parameters: [] });
}

/** Range after range of the key, so that each statement is short, locks few rows, and none is looked at twice. */
async function fill(
  changes: SqlChanges,
  { table, column, from, by }: SqlFill,
  between: (rows: number) => Promise<void>,
): Promise<void> {
  const { connection, flavour } = changes;
  const name = (word: string): string => quote(flavour, word);
  const [tableName, key] = [name(table), name(by)];
  const update = `UPDATE ${tableName} SET ${name(column)} = ${name(from)} WHERE ${name(column)} IS NULL AND ${key} > ?`;
  const bound: string = `SELECT ${key} AS bound FROM ${tableName} WHERE ${key} > ? ORDER BY ${key} LIMIT 1 OFFSET ${rowsABatch - 1}`;
  let after = '';
  for (;;) {
    const { rows } = await connection.execute<{ readonly bound: string }>({ sql: bound, parameters: [after] });
    const last: string | undefined = rows[0]?.bound;
    const batch: SqlStatement =
      last === undefined
        ? { sql: update, parameters: [after] }
        : { sql: `${update} AND ${key} <= ?`, parameters: [after, last] };
    const { affected } = await connection.execute(batch);
    await between(last === undefined ? affected : rowsABatch);
    if (last === undefined) return;
    after = last;
  }
}
