import { type SqlBool, sql } from 'kysely';
import type { BoardColumnFacts, BoardQuery, LeadFactsRow } from '../../../crm/leads/lead-facts-store.js';
import { compilable, runQuery } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import type { SqlContext } from '../sql-unit.js';
import { conditionsOfFirst, type FilterParts, filterParts, followsAnIndex } from './lead-facts-filter.js';
import { factsRowOf, type ReadFacts, readColumns } from './lead-facts-rows.js';
import { scopeTest } from './scope-condition.js';
import { stageTotals } from './stage-totals.js';

export async function boardOf(context: SqlContext, query: BoardQuery): Promise<readonly BoardColumnFacts[]> {
  const { filter, cardsPerColumn } = query;
  const parts = await filterParts(context, filter);
  const conditions = 'whole' in parts ? parts.whole : [...parts.others, scopeTest(parts.scope)];
  const found = await stageTotals(context, filter, conditions);
  const totals = new Map(found.map((total) => [total.stage, total]));
  const reader = followsAnIndex(filter) ? context.reader : context.scanner;
  const columns: BoardColumnFacts[] = [];
  for (const stage of query.stages) {
    const total = totals.get(stage);
    // No more than are counted: where the filter passes over most leads, the rest would be read for a card that is not there.
    const limit = Math.min(cardsPerColumn, total?.count ?? 0);
    const cards = limit > 0 ? await firstCards({ context, reader, parts }, stage, limit) : [];
    columns.push({ stage, count: total?.count ?? 0, amountPaise: total?.amountPaise ?? 0, cards });
  }
  return columns;
}

interface CardsOf {
  readonly context: SqlContext;
  readonly reader: SqlConnection;
  readonly parts: FilterParts;
}

async function firstCards(
  { context, reader, parts }: CardsOf,
  stage: string,
  limit: number,
): Promise<readonly LeadFactsRow[]> {
  const columns = sql.join(readColumns.map((column) => sql.ref(column)));
  const inStage = sql<SqlBool>`stage = ${stage}`;
  const first = { order: 'stage_entered_at', direction: 'asc', limit, conditions: [inStage] } as const;
  const all = [...(await conditionsOfFirst(context, parts, first)), inStage];
  const { rows } = await runQuery(
    reader,
    compilable(
      context.flavour,
      sql<ReadFacts>`select ${columns} from lead_facts where ${sql.join(all, sql` and `)} order by stage_entered_at, lead_id limit ${limit}`,
    ),
  );
  return rows.map(factsRowOf);
}
