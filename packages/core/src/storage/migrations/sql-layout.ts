import type { Layout } from '../migrations-port.js';
import type { FlavourName } from '../sql/flavour.js';
import { layoutName, schemaName } from '../sql/schema.js';
import type { SqlStatement } from '../sql/sql-connection.js';

/** A row of `store_schema`. */
export interface LayoutRow {
  readonly name: string;
  readonly version: number;
}

export const readLayoutRows: SqlStatement = {
  sql: 'SELECT name, version FROM store_schema WHERE name IN (?, ?)',
  parameters: [schemaName, layoutName],
};

/** What the rows say; null when none of them is ours. Stores of the first layout have one row. */
export function layoutOfRows(rows: readonly LayoutRow[]): Layout | null {
  const readableBy = rows.find(({ name }) => name === schemaName)?.version;
  if (readableBy === undefined) return null;
  return { readableBy, version: rows.find(({ name }) => name === layoutName)?.version ?? readableBy };
}

const raise: Readonly<Record<FlavourName, string>> = {
  sqlite: 'ON CONFLICT (name) DO UPDATE SET version = max(version, excluded.version)',
  mysql: 'ON DUPLICATE KEY UPDATE version = GREATEST(version, VALUES(version))',
};

/** Raises the layout, and whom it shuts out, in one statement: nobody sees the one without the other. Neither is ever lowered. */
export function layoutStatement(flavour: FlavourName, { version, readableBy }: Layout): SqlStatement {
  return {
    sql: `INSERT INTO store_schema (name, version) VALUES (?, ?), (?, ?) ${raise[flavour]}`,
    parameters: [schemaName, readableBy, layoutName, version],
  };
}
