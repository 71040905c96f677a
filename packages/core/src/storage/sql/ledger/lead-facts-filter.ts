import { type Expression, type ExpressionBuilder, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { LeadFactsFilter } from '../../../crm/leads/lead-facts-store.js';
import type { RowScope } from '../../../foundation/access/index.js';
import { presence, type Tables } from '../tables.js';

type Conditions = Expression<SqlBool>[];
type Facts = ExpressionBuilder<Tables, 'lead_facts'>;

const facts: Facts = expressionBuilder<Tables, 'lead_facts'>();

/** All conditions of a filter but those on indexed fields, to be joined by AND. */
export function filterConditions(filter: LeadFactsFilter): Conditions {
  const conditions: Conditions = [facts('lead_facts.presence', '=', filter.deleted ? presence.deleted : presence.live)];
  if (filter.productLine !== undefined) conditions.push(facts('lead_facts.product_line', '=', filter.productLine));
  if (!filter.scope.everything) conditions.push(scopeCondition(filter.scope));
  conditions.push(...listConditions(filter), ...placementConditions(filter), ...rangeConditions(filter));
  return conditions;
}

const listColumns = ['status', 'stage', 'region', 'source', 'channel', 'campaign'] as const;

function listConditions(filter: LeadFactsFilter): Conditions {
  const conditions: Conditions = [];
  for (const column of listColumns) {
    const values = filter[column];
    if (values !== undefined) conditions.push(oneOf(`lead_facts.${column}`, values));
  }
  return conditions;
}

/** A list with one value is written as equality: engines keep the order of an index behind it. */
function oneOf(column: string, values: readonly string[]): Expression<SqlBool> {
  if (values.length === 0) return sql<SqlBool>`1 = 0`;
  if (values.length === 1) return sql<SqlBool>`${sql.ref(column)} = ${values[0]}`;
  return sql<SqlBool>`${sql.ref(column)} in (${sql.join(values)})`;
}

function placementConditions({ ownerId, partner }: LeadFactsFilter): Conditions {
  const conditions: Conditions = [];
  if (ownerId === null) conditions.push(facts('lead_facts.owner_id', 'is', null));
  else if (ownerId !== undefined) conditions.push(facts('lead_facts.owner_id', '=', ownerId));
  if (partner !== undefined) conditions.push(facts('lead_facts.partner', '=', partner));
  return conditions;
}

const ranges = [
  ['scoreMin', 'score', '>='],
  ['scoreMax', 'score', '<='],
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
    if (bound !== undefined)
      conditions.push(sql<SqlBool>`${sql.ref(`lead_facts.${column}`)} ${sql.raw(operator)} ${bound}`);
  }
  return conditions;
}

function scopeCondition(scope: Exclude<RowScope, { everything: true }>): Expression<SqlBool> {
  const visible: Conditions = [];
  if (scope.ownerIds.length > 0) visible.push(oneOf('lead_facts.owner_id', scope.ownerIds));
  if (scope.unowned) visible.push(facts('lead_facts.owner_id', 'is', null));
  if (scope.partner !== null) visible.push(facts('lead_facts.partner', '=', scope.partner));
  if (scope.collaboratorId !== null) {
    visible.push(
      facts(
        'lead_facts.lead_id',
        'in',
        facts
          .selectFrom('lead_collaborators')
          .select('lead_collaborators.lead_id')
          .where('user_id', '=', scope.collaboratorId),
      ),
    );
  }
  return visible.length === 0 ? sql<SqlBool>`1 = 0` : facts.or(visible);
}
