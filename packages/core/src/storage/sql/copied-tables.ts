import type { RowBatch, TableLayout } from '../../foundation/backup/snapshot-store.js';
import type { Home } from '../../foundation/persistence/index.js';
import { bothHomesSchema, ledgerOnlySchema } from './schema.js';
import type { TableDescription } from './schema-description.js';

/** What a store says of itself rather than holds: never copied, and no reason to call it filled. */
const ownTables: ReadonlySet<string> = new Set(['store_schema', 'store_identity']);

/** The tables of a schema that hold data, parents first. */
export function dataTables(schema: readonly TableDescription[]): readonly TableDescription[] {
  return schema.filter(({ name }) => !ownTables.has(name));
}

/** Every table that is copied from store to store, whichever shape it has. */
export const copiedTables: readonly TableDescription[] = dataTables(bothHomesSchema);

export const copiedLayouts: readonly TableLayout[] = copiedTables.map((table) => layoutOf(table));

function layoutOf({ name, columns }: TableDescription): TableLayout {
  return { name, columns: Object.keys(columns) };
}

/** Those of them that a ledger beside MongoDB has. */
export const ledgerTables: ReadonlySet<string> = new Set(dataTables(ledgerOnlySchema).map(({ name }) => name));

const columnsByTable: ReadonlyMap<string, readonly string[]> = new Map(
  copiedLayouts.map(({ name, columns }) => [name, columns]),
);

/** The columns of a copied table, in the order of its rows' cells; none of another table. */
export function copiedColumns(table: string): readonly string[] {
  return columnsByTable.get(table) ?? [];
}

/** The place of a column in the rows of a copied table; -1 where it has none. */
export function columnAt(table: string, column: string): number {
  return copiedColumns(table).indexOf(column);
}

/** The rows of a batch that one home keeps, of tables that both have; all of them of another table. */
export function rowsOfHome(batch: RowBatch, home: Home): RowBatch {
  const at = columnAt(batch.table, 'home');
  return at < 0 ? batch : { table: batch.table, rows: batch.rows.filter((row) => row[at] === home) };
}
