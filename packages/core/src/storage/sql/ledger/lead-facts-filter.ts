import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LeadFactsFilter } from '../../../crm/leads/lead-facts-store.js';
import type { LimitedScope } from '../../../foundation/access/index.js';
import type { SqlContext } from '../sql-unit.js';
import { presence } from '../tables-lead-facts.js';
import { type FirstLeads, firstLeads } from './first-leads.js';
import { type FoundConditions, indexConditions } from './index-conditions.js';
import { fewOfScope, holdsSome, scopeCondition, scopeTest } from './scope-condition.js';

type Conditions = readonly Expression<SqlBool>[];

/** Every condition of a filter on `lead_facts`, to be joined by AND. */
export async function filterConditions(context: SqlContext, filter: LeadFactsFilter): Promise<Conditions> {
  const { conditions, namesFew } = await conditionsBesideScope(context, filter);
  const { scope } = filter;
  if (scope.everything) return conditions;
  return [...conditions, namesFew ? scopeTest(scope) : await scopeCondition(context, scope)];
}

async function conditionsBesideScope(context: SqlContext, filter: LeadFactsFilter): Promise<FoundConditions> {
  const conditions = [
    columnIs('presence', filter.deleted ? presence.deleted : presence.live),
    ...listConditions(filter),
    ...placementConditions(filter),
    ...rangeConditions(filter),
  ];
  if (filter.productLine !== undefined) conditions.push(columnIs('product_line', filter.productLine));
  const found = await indexConditions(context, filter.productLine, filter.index ?? []);
  return { conditions: [...conditions, ...found.conditions], namesFew: found.namesFew };
}

/** How the scope of a list is met: by one condition throughout, or by the first leads of each page. */
export type FilterParts =
  | { readonly whole: Conditions }
  | { readonly scope: LimitedScope; readonly others: Conditions };

/** The same conditions, where the scope has many leads with what it asks apart, so that the first of them can be looked up. */
export async function filterParts(context: SqlContext, filter: LeadFactsFilter): Promise<FilterParts> {
  const { scope } = filter;
  const { conditions: others, namesFew } = await conditionsBesideScope(context, filter);
  if (scope.everything) return { whole: others };
  // Where few leads are left, their names would be repeated for each holder.
  const few = namesFew ? scopeTest(scope) : await fewOfScope(context, scope);
  return few === null ? { scope, others } : { whole: [...others, few] };
}

/**
 * The same for an order that no index of a holder keeps: the leads of a scope are read apart where they are not many, and where a filter
 * leaves out some of them, for without one the first in the order of the list are soon met.
 */
export async function filterPartsInAnyOrder(context: SqlContext, filter: LeadFactsFilter): Promise<FilterParts> {
  const parts = await filterParts(context, filter);
  if ('whole' in parts || (narrows(filter) && (await holdsSome(context, parts.scope)))) return parts;
  return { whole: [...parts.others, scopeTest(parts.scope)] };
}

/** Where leads are selected from, and what of them. */
export interface LeadSource {
  readonly from: RawBuilder<unknown>;
  /** To be joined by AND; none where `from` has met them. */
  readonly conditions: Conditions;
}

/** Where the first leads in an order are selected from. */
export function sourceOfFirst(
  { flavour }: SqlContext,
  parts: FilterParts,
  { conditions: more, ...first }: FirstLeads,
): LeadSource {
  const from = sql`lead_facts`;
  if ('whole' in parts) return { from, conditions: [...parts.whole, ...more] };
  const { scope, others } = parts;
  const conditions = [...others, ...more];
  const named = firstLeads(flavour, scope, { ...first, conditions });
  return named === null ? { from, conditions: [...conditions, scopeTest(scope)] } : { from: named, conditions: [] };
}

export function whereAll(conditions: readonly Expression<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

/**
 * True for all leads of a line, which are read along an index, so that a limit on the answer is one on the reading. (By creation
 * other lines' leads are passed over: some 10 ms for 100,000.) Under any other filter an engine may pass over most leads.
 */
export function followsAnIndex(filter: LeadFactsFilter): boolean {
  return filter.scope.everything && filter.productLine !== undefined && !narrows(filter);
}

/** Whether more is asked than the line and the scope. */
function narrows({ scope: _, productLine: __, deleted: ___, ...others }: LeadFactsFilter): boolean {
  return Object.values(others).some((value) => value !== undefined);
}

function columnIs(column: string, value: string | number): Expression<SqlBool> {
  return sql<SqlBool>`${sql.ref(`lead_facts.${column}`)} = ${value}`;
}

const listColumns = ['status', 'stage', 'region', 'source', 'channel', 'campaign'] as const;

function listConditions(filter: LeadFactsFilter): Conditions {
  const conditions: Expression<SqlBool>[] = [];
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
  const conditions: Expression<SqlBool>[] = [];
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
  const conditions: Expression<SqlBool>[] = [];
  for (const [name, column, operator] of ranges) {
    const bound = filter[name];
    if (bound === undefined) continue;
    conditions.push(sql<SqlBool>`${sql.ref(`lead_facts.${column}`)} ${sql.raw(operator)} ${bound}`);
  }
  return conditions;
}
