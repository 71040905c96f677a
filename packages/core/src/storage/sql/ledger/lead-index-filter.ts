import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { IndexFilter, LeadFactsFilter } from '../../../crm/leads/lead-facts-store.js';
import { compilable, runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';

const operators = { eq: '=', in: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** Up to this many leads a condition is worth looking up first; above it, leads are tested as they come by. */
const fewLeads = 2_000;

/**
 * Conditions on admin-chosen fields. Engines know nothing of how values are spread, so the store looks: a rare value
 * leads the query (`lead_id in`), a common one is tested row by row along the list's own order (`exists`).
 */
export async function indexConditions(
  context: SqlContext,
  filter: LeadFactsFilter,
): Promise<readonly Expression<SqlBool>[]> {
  const conditions: Expression<SqlBool>[] = [];
  for (const each of filter.index ?? []) conditions.push(await indexCondition(context, filter.productLine, each));
  return conditions;
}

async function indexCondition(
  context: SqlContext,
  productLine: string | undefined,
  filter: IndexFilter,
): Promise<Expression<SqlBool>> {
  const value = valueCondition(filter);
  if (value === null) return sql<SqlBool>`1 = 0`;
  if (productLine !== undefined) {
    const leads = sql`select lead_id from lead_index where product_line = ${productLine} and field = ${filter.field} and ${value}`;
    if (await isRare(context, leads)) return sql<SqlBool>`lead_facts.lead_id in (${leads})`;
  }
  return sql<SqlBool>`exists (select 1 from lead_index where lead_index.lead_id = lead_facts.lead_id and lead_index.field = ${filter.field} and ${value})`;
}

async function isRare(context: SqlContext, leads: RawBuilder<unknown>): Promise<boolean> {
  const counted = sql<{ leads: number }>`select count(*) as leads from (${leads} limit ${fewLeads + 1}) as matching`;
  const { rows } = await runQuery(context.reader, compilable(context.flavour, counted));
  return (rows[0]?.leads ?? 0) <= fewLeads;
}

function valueCondition({ operator, values }: IndexFilter): RawBuilder<unknown> | null {
  const comparisons = values.map((value) => {
    const [column, bound] =
      'number' in value
        ? ['number_value', value.number]
        : 'text' in value
          ? ['text_value', value.text]
          : ['hash_value', value.hash];
    return sql`${sql.ref(column)} ${sql.raw(operators[operator])} ${bound}`;
  });
  if (comparisons.length === 0) return null;
  return comparisons.length === 1 ? sql`${comparisons[0]}` : sql`(${sql.join(comparisons, sql` or `)})`;
}
