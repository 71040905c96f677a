import { type Expression, type SqlBool, sql } from 'kysely';
import type { LeadFactsFilter } from '../../../crm/leads/lead-facts-store.js';
import type { RowScope } from '../../../foundation/access/index.js';
import type { SqlContext } from '../sql-unit.js';
import { presence } from '../tables-lead-facts.js';
import { type FirstLeads, namingFirstLeads } from './first-leads.js';
import { indexCondition } from './index-conditions.js';
import { fewOfScope, scopeCondition, scopeTest } from './scope-condition.js';

type Conditions = Expression<SqlBool>[];

/** Every condition of a filter on `lead_facts`, to be joined by AND. */
export async function filterConditions(context: SqlContext, filter: LeadFactsFilter): Promise<Conditions> {
  const conditions: Conditions = [
    columnIs('presence', filter.deleted ? presence.deleted : presence.live),
    ...listConditions(filter),
    ...placementConditions(filter),
    ...rangeConditions(filter),
  ];
  if (filter.productLine !== undefined) conditions.push(columnIs('product_line', filter.productLine));
  if (!filter.scope.everything) conditions.push(await scopeCondition(context, filter.scope));
  for (const each of filter.index ?? []) conditions.push(await indexCondition(context, filter.productLine, each));
  return conditions;
}

/** How the scope of a list is met: by one condition throughout, or by the first leads of each page. */
export type FilterParts =
  | { readonly whole: Conditions }
  | { readonly scope: Exclude<RowScope, { readonly everything: true }>; readonly others: Conditions };

/** The same conditions, where the scope has many leads with what it asks apart, so that the first of them can be named. */
export async function filterParts(context: SqlContext, filter: LeadFactsFilter): Promise<FilterParts> {
  const { scope } = filter;
  const others = await filterConditions(context, { ...filter, scope: { everything: true } });
  if (scope.everything) return { whole: others };
  const few = await fewOfScope(context, scope);
  return few === null ? { scope, others } : { whole: [...others, few] };
}

/** The conditions for the first leads in an order. */
export async function conditionsOfFirst(
  context: SqlContext,
  parts: FilterParts,
  { conditions = [], ...first }: Omit<FirstLeads, 'conditions'> & Partial<Pick<FirstLeads, 'conditions'>>,
): Promise<Conditions> {
  if ('whole' in parts) return parts.whole;
  const { scope, others } = parts;
  const named = await namingFirstLeads(context, scope, { ...first, conditions: [...others, ...conditions] });
  return [...others, named ?? scopeTest(scope)];
}

/**
 * True for all leads of a line, which are read along an index, so that a limit on the answer is one on the reading. (By creation
 * other lines' leads are passed over: some 10 ms for 100,000.) Under any other filter an engine may pass over most leads.
 */
export function followsAnIndex(filter: LeadFactsFilter): boolean {
  const { scope, productLine, deleted: _, ...others } = filter;
  return scope.everything && productLine !== undefined && Object.values(others).every((value) => value === undefined);
}

function columnIs(column: string, value: string | number): Expression<SqlBool> {
  return sql<SqlBool>`${sql.ref(`lead_facts.${column}`)} = ${value}`;
}

const listColumns = ['status', 'stage', 'region', 'source', 'channel', 'campaign'] as const;

function listConditions(filter: LeadFactsFilter): Conditions {
  const conditions: Conditions = [];
  for (const column of listColumns) {
    const values = filter[column];
    if (values !== undefined) conditions.push(columnIn(column, values));
  }
  return conditions;
}

/** A list with one value is written as equality: engines keep the order of an index behind it. */
function columnIn(column: string, values: readonly string[]): Expression<SqlBool> {
  const [first, second] = values;
  if (first === undefined) return sql<SqlBool>`1 = 0`;
  if (second === undefined) return columnIs(column, first);
  return sql<SqlBool>`${sql.ref(`lead_facts.${column}`)} in (${sql.join(values)})`;
}

function placementConditions({ ownerId, partner }: LeadFactsFilter): Conditions {
  const conditions: Conditions = [];
  if (ownerId !== undefined) conditions.push(columnIsOrNull('owner_id', ownerId));
  if (partner !== undefined) conditions.push(columnIsOrNull('partner', partner));
  return conditions;
}

function columnIsOrNull(column: string, value: string | null): Expression<SqlBool> {
  return value === null ? sql<SqlBool>`${sql.ref(`lead_facts.${column}`)} is null` : columnIs(column, value);
}

const ranges = [
  ['scoreMin', 'score', '>='],
  ['scoreMax', 'score', '<='],
  ['scoreAbove', 'score', '>'],
  ['scoreBelow', 'score', '<'],
  ['amountPaiseMin', 'amount_paise', '>='],
  ['amountPaiseMax', 'amount_paise', '<='],
  ['createdFrom', 'created_at', '>='],
  ['createdTo', 'created_at', '<'],
  ['updatedFrom', 'updated_at', '>='],
  ['updatedTo', 'updated_at', '<'],
] as const;

function rangeConditions(filter: LeadFactsFilter): Conditions {
  const conditions: Conditions = [];
  for (const [name, column, operator] of ranges) {
    const bound = filter[name];
    if (bound === undefined) continue;
    conditions.push(sql<SqlBool>`${sql.ref(`lead_facts.${column}`)} ${sql.raw(operator)} ${bound}`);
  }
  return conditions;
}
