import { type SqlBool, sql } from 'kysely';
import type { BoardColumnFacts, BoardQuery, LeadFactsRow } from '../../../crm/leads/lead-facts-store.js';
import { compilable, runQuery } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import type { SqlContext } from '../sql-unit.js';
import { type FilterParts, filterParts, followsAnIndex, sourceOfFirst, whereAll } from './lead-facts-filter.js';
import { factsColumns, factsRowOf, type ReadFacts } from './lead-facts-rows.js';
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
  const first = { order: 'stage_entered_at', isKept: true, direction: 'asc', limit } as const;
  const inStage = sql<SqlBool>`lead_facts.stage = ${stage}`;
  const { from, conditions } = sourceOfFirst(context, parts, { ...first, conditions: [inStage] });
  const { rows } = await runQuery(
    reader,
    compilable(
      context.flavour,
      sql<ReadFacts>`select ${factsColumns} from ${from} ${whereAll(conditions)} order by lead_facts.stage_entered_at, lead_facts.lead_id limit ${limit}`,
    ),
  );
  return rows.map(factsRowOf);
}
