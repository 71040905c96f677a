import type { AuditRow } from '../foundation/audit/audit-store.js';
import type { RowBatch } from '../foundation/backup/snapshot-store.js';
import { copiedLayouts } from './sql/copied-tables.js';
import { rowInTable } from './sql/ledger/audit.js';

const table = 'audit';
const columns = copiedLayouts.find(({ name }) => name === table)?.columns ?? [];

/** A row of the trail as copies of stores have it. */
export function trailRow(told: AuditRow): RowBatch {
  const row = new Map(Object.entries({ ...rowInTable(told), format: 1 }));
  return { table, rows: [columns.map((column) => row.get(column) ?? null)] };
}
