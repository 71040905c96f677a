import type { FlavourName } from './flavour.js';
import type { ColumnDescription, ColumnKind, IndexDescription, TableDescription } from './schema-description.js';

const sqliteTypes: Readonly<Record<ColumnKind, string>> = {
  id: 'TEXT',
  hash: 'TEXT',
  instant: 'TEXT',
  slug: 'TEXT',
  name: 'TEXT',
  text: 'TEXT',
  json: 'TEXT',
  integer: 'INTEGER',
  serial: 'INTEGER',
  flag: 'INTEGER',
  number: 'REAL',
};

const ascii = 'CHARACTER SET ascii COLLATE ascii_bin';

/**
 * Collations that compare byte by byte to the last one, the best first: MariaDB's, MySQL's. `utf8mb4_bin` is none of them:
 * to it `'a'` and `'a '` are the same key.
 */
export const byteCollations = ['utf8mb4_nopad_bin', 'utf8mb4_0900_bin'] as const;
export type ByteCollation = (typeof byteCollations)[number];

function mysqlTypes(collation: ByteCollation): Readonly<Record<ColumnKind, string>> {
  const unicode = `CHARACTER SET utf8mb4 COLLATE ${collation}`;
  return {
    id: `VARCHAR(64) ${ascii}`,
    hash: `VARCHAR(128) ${ascii}`,
    instant: `CHAR(24) ${ascii}`,
    slug: `VARCHAR(100) ${unicode}`,
    name: `VARCHAR(255) ${unicode}`,
    text: `LONGTEXT ${unicode}`,
    json: `LONGTEXT ${unicode}`,
    integer: 'BIGINT',
    serial: 'BIGINT',
    flag: 'TINYINT',
    number: 'DOUBLE',
  };
}

/** How one engine writes a schema. */
interface Dialect {
  readonly flavour: FlavourName;
  readonly types: Readonly<Record<ColumnKind, string>>;
}

/** Names are ours, never from outside, so quoting is for reserved words alone. */
export function quote(flavour: FlavourName, name: string): string {
  return flavour === 'mysql' ? `\`${name}\`` : `"${name}"`;
}

function columnLine({ flavour, types }: Dialect, name: string, column: ColumnDescription): string {
  const quoted = quote(flavour, name);
  const parts = [quoted, types[column.kind], column.nullable ? 'NULL' : 'NOT NULL'];
  // SQLite gives out the key of a row by itself.
  if (column.kind === 'serial' && flavour === 'mysql') parts.push('AUTO_INCREMENT');
  if (column.default !== undefined) parts.push(`DEFAULT ${column.default}`);
  if (column.oneOf) parts.push(`CHECK (${quoted} IN (${column.oneOf.map((value) => `'${value}'`).join(', ')}))`);
  if (column.min !== undefined) parts.push(`CHECK (${quoted} >= ${column.min})`);
  if (column.kind === 'flag') parts.push(`CHECK (${quoted} IN (0, 1))`);
  return parts.join(' ');
}

function columnList(flavour: FlavourName, columns: readonly string[]): string {
  return columns.map((column) => quote(flavour, column)).join(', ');
}

function indexLine(table: string, index: IndexDescription): string {
  const unique = index.unique ? 'UNIQUE ' : '';
  const condition = index.notNull
    ? ` WHERE ${quote('sqlite', index.notNull)} IS NOT NULL`
    : index.isNull
      ? ` WHERE ${quote('sqlite', index.isNull)} IS NULL`
      : '';
  return `CREATE ${unique}INDEX IF NOT EXISTS ${quote('sqlite', index.name)} ON ${quote('sqlite', table)} (${columnList('sqlite', index.columns)})${condition}`;
}

function keyLine(index: IndexDescription): string {
  return `${index.unique ? 'UNIQUE ' : ''}KEY ${quote('mysql', index.name)} (${columnList('mysql', index.columns)})`;
}

function tableStatements(dialect: Dialect, table: TableDescription): readonly string[] {
  const { flavour } = dialect;
  const lines = Object.entries(table.columns).map(([name, column]) => columnLine(dialect, name, column));
  lines.push(`PRIMARY KEY (${columnList(flavour, table.primaryKey)})`);
  const indexes = table.indexes ?? [];
  if (flavour === 'mysql') {
    for (const index of indexes) if (index.isNull === undefined) lines.push(keyLine(index));
  }
  if (table.foreignKey) {
    const { column, table: parent, references } = table.foreignKey;
    lines.push(
      `FOREIGN KEY (${quote(flavour, column)}) REFERENCES ${quote(flavour, parent)} (${quote(flavour, references)})`,
    );
  }
  const options = flavour === 'mysql' ? ' ENGINE=InnoDB' : table.clustered ? ' STRICT, WITHOUT ROWID' : ' STRICT';
  const create = `CREATE TABLE IF NOT EXISTS ${quote(flavour, table.name)} (\n  ${lines.join(',\n  ')}\n)${options}`;
  return flavour === 'mysql' ? [create] : [create, ...indexes.map((index) => indexLine(table.name, index))];
}

/**
 * The statements that make missing tables and indexes, parents first. Running them again changes nothing.
 * @param collation of a MySQL server's text columns; SQLite compares byte by byte by itself
 */
export function ddl(
  flavour: FlavourName,
  tables: readonly TableDescription[],
  collation: ByteCollation = 'utf8mb4_0900_bin',
): readonly string[] {
  return tables.flatMap((table) => tableStatements(dialectOf(flavour, collation), table));
}

function dialectOf(flavour: FlavourName, collation: ByteCollation): Dialect {
  return { flavour, types: flavour === 'mysql' ? mysqlTypes(collation) : sqliteTypes };
}

interface NewColumn {
  readonly table: string;
  readonly column: string;
  /** Nullable, or with a default: there may be rows. */
  readonly description: ColumnDescription;
}

/** Adds a column to a table that lacks it. */
export function addColumnStatement(
  flavour: FlavourName,
  { table, column, description }: NewColumn,
  collation: ByteCollation,
): string {
  const line = columnLine(dialectOf(flavour, collation), column, description);
  return `ALTER TABLE ${quote(flavour, table)} ADD COLUMN ${line}`;
}

/** Adds an index to a table that lacks it; MySQL lets others write meanwhile. */
export function addIndexStatement(flavour: FlavourName, table: string, index: IndexDescription): string {
  if (flavour === 'sqlite') return indexLine(table, index);
  return `ALTER TABLE ${quote('mysql', table)} ADD ${keyLine(index)}`;
}

/** Drops an index that a table has. */
export function dropIndexStatement(flavour: FlavourName, table: string, index: string): string {
  if (flavour === 'sqlite') return `DROP INDEX ${quote('sqlite', index)}`;
  return `ALTER TABLE ${quote('mysql', table)} DROP INDEX ${quote('mysql', index)}`;
}
