import type { TableLayout } from '../../foundation/backup/snapshot-store.js';
import { bothHomesSchema } from './schema.js';
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

/** The place of a column in the rows of a copied table. */
export function columnAt(table: string, column: string): number {
  return copiedLayouts.find(({ name }) => name === table)?.columns.indexOf(column) ?? -1;
}
