import type { RowBatch } from '../../foundation/backup/snapshot-store.js';
import { cellsOf } from '../mongo/mongo-rows.js';
import { type CountedFacts, countedColumns, TotalDeltas } from '../sql/ledger/total-deltas.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { rowsById } from './rows-by-id.js';

/** What waits to be added to the totals of boards so that they do not count leads which the moment has and its copy has not. */
export async function totalsWithout(moment: SqlConnection, leadIds: ReadonlySet<string>): Promise<RowBatch> {
  const select = `SELECT ${countedColumns.join(', ')} FROM lead_facts WHERE lead_id`;
  const deltas = new TotalDeltas();
  for (const facts of await rowsById<CountedFacts>(moment, select, [...leadIds])) deltas.go(facts);
  const { rows } = await moment.execute<{ readonly last: number }>({
    sql: 'SELECT COALESCE(MAX(id), 0) AS last FROM lead_total_changes',
    parameters: [],
  });
  const last = rows[0]?.last ?? 0;
  return {
    table: 'lead_total_changes',
    rows: deltas.rows().map((change, at) => cellsOf('lead_total_changes', { ...change, id: last + at + 1 })),
  };
}
