import type { RowBatch, StoredRow } from '../../foundation/backup/snapshot-store.js';
import { type Home, outboxLane } from '../../foundation/persistence/index.js';
import { cellsOf } from '../mongo/mongo-rows.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { rowsById } from './rows-by-id.js';
import { eventTextOf, toldEvents } from './told-events.js';

/** Events that a restored store has to tell again, and where their text is. */
export interface Retold {
  /** Where they happened. */
  readonly home: Home;
  readonly from: 'trail of the later moment' | 'outbox of the earlier moment';
  readonly ids: readonly string[];
}

export interface EventText {
  readonly id: string;
  readonly event: string;
}

const rowsAtOnce = 500;

/** Rows of the outbox, in batches. */
export async function* retoldRows(
  { earlier, later }: { readonly earlier: SqlConnection; readonly later: SqlConnection },
  retold: readonly Retold[],
): AsyncGenerator<RowBatch> {
  for (const { home, from, ids } of retold) {
    for (let at = 0; at < ids.length; at += rowsAtOnce) {
      const some = ids.slice(at, at + rowsAtOnce);
      const texts = from === 'outbox of the earlier moment' ? await waiting(earlier, some) : await told(later, some);
      yield { table: 'outbox', rows: texts.map(({ id, event }) => outboxRow(home, id, event)) };
    }
  }
}

/** What the ledger has to tell the documents, in pages. */
export async function* ledgerOutbox(connection: SqlConnection): AsyncGenerator<readonly EventText[]> {
  const sql = `SELECT id, event FROM outbox WHERE home = 'ledger' AND id > ? ORDER BY id LIMIT ${rowsAtOnce}`;
  for (let after = ''; ; ) {
    const { rows } = await connection.execute<EventText>({ sql, parameters: [after] });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) return;
    after = last.id;
  }
}

/** Those of the events that wait in the ledger's outbox. */
export async function waitingIds(connection: SqlConnection, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await rowsById<{ id: string }>(connection, "SELECT id FROM outbox WHERE home = 'ledger' AND id", ids);
  return rows.map(({ id }) => id);
}

function waiting(earlier: SqlConnection, ids: readonly string[]): Promise<readonly EventText[]> {
  return rowsById<EventText>(earlier, "SELECT id, event FROM outbox WHERE home = 'ledger' AND id", ids);
}

async function told(later: SqlConnection, ids: readonly string[]): Promise<readonly EventText[]> {
  return (await toldEvents(later, ids)).map((event) => ({ id: event.id, event: eventTextOf(event) }));
}

function outboxRow(home: Home, id: string, event: string): StoredRow {
  return cellsOf('outbox', {
    home,
    id,
    event,
    lane: outboxLane(aggregateOf(event)),
    attempts: 0,
    due_at: null,
    error: null,
    stuck: 0,
  });
}

/** Of what an event in an outbox tells. */
export function aggregateOf(text: string): string {
  const event: { readonly aggregate: { readonly id: string } } = JSON.parse(text);
  return event.aggregate.id;
}
