import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { IndexFilter } from '../../../crm/leads/lead-facts-store.js';
import type { SqlContext } from '../sql-unit.js';
import { namingFewLeads } from './few-leads.js';

/** `ne` is the negation of the whole condition. */
const operators = { eq: '=', in: '=', ne: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** Conditions to be joined by AND, and whether one of them names the few leads that can meet them. */
export interface FoundConditions {
  readonly conditions: readonly Expression<SqlBool>[];
  readonly namesFew: boolean;
}

/**
 * The conditions of filters on admin-chosen fields. The first that few leads meet names them, and the others are asked of those: a
 * statement has no more names than one condition gives it.
 */
export async function indexConditions(
  context: SqlContext,
  productLine: string | undefined,
  filters: readonly IndexFilter[],
): Promise<FoundConditions> {
  const conditions: Expression<SqlBool>[] = [];
  let namesFew = false;
  for (const filter of filters) {
    const few: Expression<SqlBool> | null = namesFew ? null : await fewOfIndex(context, productLine, filter);
    namesFew ||= few !== null;
    conditions.push(few ?? indexTest(filter));
  }
  return { conditions, namesFew };
}

/** The leads of a filter that few meet, by name. */
async function fewOfIndex(
  context: SqlContext,
  productLine: string | undefined,
  filter: IndexFilter,
): Promise<Expression<SqlBool> | null> {
  const value = valueCondition(filter);
  if (value === null || filter.operator === 'ne' || productLine === undefined) return null;
  const leads = sql`select lead_id from lead_index where product_line = ${productLine} and field = ${filter.field} and ${value}`;
  return namingFewLeads(context, leads);
}

/** Whether a lead meets a filter, asked of each. */
function indexTest(filter: IndexFilter): Expression<SqlBool> {
  const value = valueCondition(filter);
  if (value === null) return filter.operator === 'ne' ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`;
  const ofLead = sql<SqlBool>`exists (select 1 from lead_index where lead_index.lead_id = lead_facts.lead_id and lead_index.field = ${filter.field} and ${value})`;
  return filter.operator === 'ne' ? sql<SqlBool>`not ${ofLead}` : ofLead;
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
