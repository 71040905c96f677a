import { auditRowOf } from '../foundation/audit/index.js';
import type { RowBatch } from '../foundation/backup/snapshot-store.js';
import type { DomainEvent } from '../foundation/kernel/index.js';
import { copiedLayouts } from './sql/copied-tables.js';
import { rowInTable } from './sql/ledger/audit.js';

const table = 'audit';
const columns = copiedLayouts.find(({ name }) => name === table)?.columns ?? [];

/** The row that an event leaves in the trail, as copies of stores have it. */
export function trailRow(event: DomainEvent): RowBatch {
  const row = new Map(Object.entries({ ...rowInTable(auditRowOf(event)), format: 1 }));
  return { table, rows: [columns.map((column) => row.get(column) ?? null)] };
}
