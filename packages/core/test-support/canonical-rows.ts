import type { StoredCell, StoredRow } from '../src/foundation/backup/index.js';
import { canonicalJson, type Json } from '../src/foundation/kernel/index.js';
import { bothHomesSchema } from '../src/storage/sql/schema.js';
import type { Storage } from '../src/storage/storage.js';

/** Events of a backup itself, which come before or after the moment of its rows. */
const ownEvents = new Set(['store.backup_started', 'store.backed_up', 'store.restored']);

/**
 * Every row of an open store by its table, in one order whatever the shape: JSON by its value, not its text. Without what the trail says
 * of backups and restores.
 */
export async function canonicalRows(storage: Storage): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows: Record<string, string[]> = {};
  const snapshot = await storage.snapshots.snapshot();
  for await (const { table, rows: some } of snapshot.batches()) {
    const jsonColumns = jsonColumnsOf(table);
    const kept = table === 'audit' ? some.filter((row) => !ownEvents.has(String(row[eventTypeAt]))) : some;
    rows[table] = [...(rows[table] ?? []), ...kept.map((row) => textOf(row, jsonColumns))];
  }
  await snapshot.close();
  for (const table of Object.keys(rows)) {
    if (rows[table]?.length === 0) delete rows[table];
    rows[table]?.sort();
  }
  return rows;
}

const eventTypeAt = Object.keys(columnsOf('audit')).indexOf('event_type');

function columnsOf(table: string): Readonly<Record<string, { readonly kind: string }>> {
  return bothHomesSchema.find(({ name }) => name === table)?.columns ?? {};
}

function jsonColumnsOf(table: string): ReadonlySet<number> {
  const kinds = Object.values(columnsOf(table)).map(({ kind }) => kind);
  return new Set(kinds.flatMap((kind, at) => (kind === 'json' ? [at] : [])));
}

function textOf(row: StoredRow, jsonColumns: ReadonlySet<number>): string {
  return JSON.stringify(row.map((cell, at) => (jsonColumns.has(at) ? jsonValue(cell) : cell)));
}

function jsonValue(cell: StoredCell): StoredCell {
  if (typeof cell !== 'string') return cell;
  const json: Json = JSON.parse(cell);
  return canonicalJson(json);
}

/** Rows by the names of their columns, by table. */
export type NamedRows = Readonly<Record<string, readonly Readonly<Record<string, StoredCell>>[]>>;

export async function namedRows(storage: Storage): Promise<NamedRows> {
  const rows: Record<string, Record<string, StoredCell>[]> = {};
  const snapshot = await storage.snapshots.snapshot();
  for await (const batch of snapshot.batches()) {
    const columns = Object.keys(columnsOf(batch.table));
    const named = batch.rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
    rows[batch.table] = [...(rows[batch.table] ?? []), ...named];
  }
  await snapshot.close();
  return rows;
}
