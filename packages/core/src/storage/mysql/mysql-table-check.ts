import { LmsError } from '../../foundation/kernel/index.js';
import { byteCollations } from '../sql/ddl.js';
import type { ColumnKind, TableDescription } from '../sql/schema-description.js';
import type { SqlConnection } from '../sql/sql-connection.js';

/** What the tables of a database are, as the server's catalogue says. */
export interface MysqlTables {
  /** Engine by table. */
  readonly engines: ReadonlyMap<string, string>;
  /** Collation by `table.column`; null where the column holds no text. */
  readonly collations: ReadonlyMap<string, string | null>;
  /** The columns of each unique key of whole columns, primary ones included, by table; not those of expressions or beginnings. */
  readonly uniqueKeys: ReadonlyMap<string, readonly (readonly string[])[]>;
}

export async function mysqlTables(connection: SqlConnection): Promise<MysqlTables> {
  const engines = await connection.execute<{ readonly name: string; readonly engine: string | null }>({
    sql: 'SELECT table_name AS name, engine AS engine FROM information_schema.tables WHERE table_schema = DATABASE()',
    parameters: [],
  });
  const columns = await connection.execute<{ readonly place: string; readonly collation: string | null }>({
    sql: "SELECT CONCAT(table_name, '.', column_name) AS place, collation_name AS collation FROM information_schema.columns WHERE table_schema = DATABASE()",
    parameters: [],
  });
  const keys = await connection.execute<{ readonly name: string; readonly columns: string }>({
    sql:
      "SELECT table_name AS name, GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ',') AS columns " +
      'FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 0 ' +
      'GROUP BY table_name, index_name HAVING SUM(column_name IS NULL OR sub_part IS NOT NULL) = 0',
    parameters: [],
  });
  const uniqueKeys = new Map<string, string[][]>();
  for (const { name, columns: list } of keys.rows) {
    uniqueKeys.set(name, [...(uniqueKeys.get(name) ?? []), list.split(',')]);
  }
  return {
    engines: new Map(engines.rows.map(({ name, engine }) => [name, engine ?? 'none'])),
    collations: new Map(columns.rows.map(({ place, collation }) => [place, collation])),
    uniqueKeys,
  };
}

const asciiBytes: readonly string[] = ['ascii_bin'];
const unicodeBytes: readonly string[] = byteCollations;

/** How text of each kind must compare; null for kinds that are no text. */
const collationsOf: Readonly<Record<ColumnKind, readonly string[] | null>> = {
  id: asciiBytes,
  hash: asciiBytes,
  instant: asciiBytes,
  slug: unicodeBytes,
  name: unicodeBytes,
  text: unicodeBytes,
  json: unicodeBytes,
  integer: null,
  serial: null,
  flag: null,
  number: null,
};

/**
 * Refuses tables that somebody changed so that a promise would break: one that is gone, an engine without transactions, text that no
 * longer compares byte by byte, a unique key that was dropped. Tables and columns that this release does not know are left alone.
 * @throws LmsError `STORE_CORRUPT` for what is missing, `STORE_MISCONFIGURED` with the statement that mends the rest
 */
export function requireMysqlTables(found: MysqlTables, tables: readonly TableDescription[], server: string): void {
  for (const table of tables) {
    requireTable(found, table, server);
    for (const [column, { kind }] of Object.entries(table.columns))
      requireColumn(found, { table, column, kind }, server);
    for (const key of uniqueKeysOf(table)) requireUniqueKey(found, table.name, key, server);
  }
}

function requireTable({ engines }: MysqlTables, { name }: TableDescription, server: string): void {
  const engine = engines.get(name);
  if (engine === undefined) throw missing(server, `the table ${name}`);
  if (engine === 'InnoDB') return;
  throw changed(server, {
    setting: 'engine',
    message: `the table ${name} is of the engine ${engine}, which has no transactions; expected InnoDB: ALTER TABLE ${name} ENGINE=InnoDB`,
  });
}

interface Column {
  readonly table: TableDescription;
  readonly column: string;
  readonly kind: ColumnKind;
}

function requireColumn({ collations }: MysqlTables, { table, column, kind }: Column, server: string): void {
  const place = `${table.name}.${column}`;
  const collation = collations.get(place);
  if (collation === undefined) throw missing(server, `the column ${place}`);
  const expected = collationsOf[kind];
  if (expected === null || (collation !== null && expected.includes(collation))) return;
  const wanted = expected.join(' or ');
  throw changed(server, {
    setting: 'collation',
    message:
      `the column ${place} has the collation ${collation ?? 'of no text'}; expected ${wanted}, which compares byte by byte: ` +
      `ALTER TABLE ${table.name} MODIFY ${column} with it, and the rest as SHOW CREATE TABLE ${table.name} tells`,
  });
}

function uniqueKeysOf({ primaryKey, indexes = [] }: TableDescription): readonly (readonly string[])[] {
  return [primaryKey, ...indexes.filter(({ unique }) => unique === true).map(({ columns }) => columns)];
}

function requireUniqueKey(
  { uniqueKeys }: MysqlTables,
  table: string,
  columns: readonly string[],
  server: string,
): void {
  const wanted = columns.join(',');
  if (uniqueKeys.get(table)?.some((key) => key.join(',') === wanted) === true) return;
  throw changed(server, {
    setting: 'unique key',
    message: `the table ${table} has no unique key on (${columns.join(', ')}), so rows could be doubled; look for doubled rows, then add it with ALTER TABLE`,
  });
}

function missing(server: string, what: string): LmsError {
  return new LmsError('STORE_CORRUPT', {
    message: `${server}: ${what} of this store is missing; restore the store from a backup`,
  });
}

function changed(
  server: string,
  { setting, message }: { readonly setting: string; readonly message: string },
): LmsError {
  return new LmsError('STORE_MISCONFIGURED', { message: `${server}: ${message}`, details: { setting } });
}
