import { type Expression, type SqlBool, sql } from 'kysely';
import type { BoardColumnFacts, BoardQuery, LeadFactsRow } from '../../../crm/leads/lead-facts-store.js';
import { compilable, runQuery } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import type { SqlContext } from '../sql-unit.js';
import { filterConditions, followsAnIndex } from './lead-facts-filter.js';
import { factsRowOf, type ReadFacts, readColumns } from './lead-facts-rows.js';
import { stageTotals } from './stage-totals.js';

export async function boardOf(context: SqlContext, query: BoardQuery): Promise<readonly BoardColumnFacts[]> {
  const { filter, cardsPerColumn } = query;
  const conditions = await filterConditions(context, filter);
  const found = await stageTotals(context, filter, conditions);
  const totals = new Map(found.map((total) => [total.stage, total]));
  const reader = followsAnIndex(filter) ? context.reader : context.scanner;
  const columns: BoardColumnFacts[] = [];
  for (const stage of query.stages) {
    const total = totals.get(stage);
    // No more than are counted: where the filter passes over most leads, the rest would be read for a card that is not there.
    const limit = Math.min(cardsPerColumn, total?.count ?? 0);
    const cards = limit > 0 ? await firstCards({ context, reader, conditions }, stage, limit) : [];
    columns.push({ stage, count: total?.count ?? 0, amountPaise: total?.amountPaise ?? 0, cards });
  }
  return columns;
}

interface CardsOf {
  readonly context: SqlContext;
  readonly reader: SqlConnection;
  readonly conditions: readonly Expression<SqlBool>[];
}

async function firstCards(
  { context, reader, conditions }: CardsOf,
  stage: string,
  limit: number,
): Promise<readonly LeadFactsRow[]> {
  const columns = sql.join(readColumns.map((column) => sql.ref(column)));
  const all = [...conditions, sql`stage = ${stage}`];
  const { rows } = await runQuery(
    reader,
    compilable(
      context.flavour,
      sql<ReadFacts>`select ${columns} from lead_facts where ${sql.join(all, sql` and `)} order by stage_entered_at, lead_id limit ${limit}`,
    ),
  );
  return rows.map(factsRowOf);
}
