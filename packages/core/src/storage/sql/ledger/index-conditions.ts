import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { IndexFilter } from '../../../crm/leads/lead-facts-store.js';
import type { SqlContext } from '../sql-unit.js';
import { namingFewLeads } from './few-leads.js';

/** `ne` is the negation of the whole condition. */
const operators = { eq: '=', in: '=', ne: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** The condition of a filter on an admin-chosen field. */
export async function indexCondition(
  context: SqlContext,
  productLine: string | undefined,
  filter: IndexFilter,
): Promise<Expression<SqlBool>> {
  const value = valueCondition(filter);
  if (value === null) return filter.operator === 'ne' ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`;
  const ofLead = sql`exists (select 1 from lead_index where lead_index.lead_id = lead_facts.lead_id and lead_index.field = ${filter.field} and ${value})`;
  if (filter.operator === 'ne') return sql<SqlBool>`not ${ofLead}`;
  if (productLine !== undefined) {
    const leads = sql`select lead_id from lead_index where product_line = ${productLine} and field = ${filter.field} and ${value}`;
    const few = await namingFewLeads(context, leads);
    if (few) return few;
  }
  return sql<SqlBool>`${ofLead}`;
}

function valueCondition({ operator, values }: IndexFilter): RawBuilder<unknown> | null {
  const comparisons = values.map((value) => {
    const [column, bound] = columnAndValue(value);
    return sql`${sql.ref(column)} ${sql.raw(operators[operator])} ${bound}`;
  });
  if (comparisons.length === 0) return null;
  return sql`(${sql.join(comparisons, sql` or `)})`;
}

function columnAndValue(value: IndexFilter['values'][number]): readonly [string, string | number] {
  if ('number' in value) return ['number_value', value.number];
  return 'text' in value ? ['text_value', value.text] : ['hash_value', value.hash];
}
