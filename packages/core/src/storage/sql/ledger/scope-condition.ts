import { type Expression, type SqlBool, sql } from 'kysely';
import type { LimitedScope } from '../../../foundation/access/index.js';
import { compilable, runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';
import { namingFewLeads } from './few-leads.js';

/** Beyond this many owners a scope is a team's, not a person's, and not worth looking up. */
const mostOwnersLookedUp = 8;
const someLeads = 32_768;

/** Which rows an actor may see, its conditions joined by OR; a scope without any sees nothing. */
export async function scopeCondition(context: SqlContext, scope: LimitedScope): Promise<Expression<SqlBool>> {
  return (await fewOfScope(context, scope)) ?? scopeTest(scope);
}

/** The rows of a scope that has few, by name; null for another. */
export async function fewOfScope(context: SqlContext, scope: LimitedScope): Promise<Expression<SqlBool> | null> {
  if (testsOf(scope).length === 0) return sql<SqlBool>`1 = 0`;
  if (scope.unowned || scope.ownerIds.length > mostOwnersLookedUp) return null;
  return namingFewLeads(context, sql.join(lookUpsOf(scope), sql` union all `));
}

/**
 * Whether the leads of a scope are few enough to read them all for a page: tens of thousands, in some tens of milliseconds, where the order
 * of a list would pass over those of everybody else, which may be all there are.
 */
export async function holdsSome(context: SqlContext, scope: LimitedScope): Promise<boolean> {
  if (scope.unowned || scope.ownerIds.length > mostOwnersLookedUp) return false;
  const held = sql.join(lookUpsOf(scope), sql` union all `);
  const count = compilable(
    context.flavour,
    sql<{
      leads: number;
    }>`select count(*) as leads from (select lead_id from (${held}) as held limit ${someLeads + 1}) as counted`,
  );
  const { rows } = await runQuery(context.reader, count);
  return (rows[0]?.leads ?? 0) <= someLeads;
}

/** Whether a row is in a scope, asked of each. */
export function scopeTest(scope: LimitedScope): Expression<SqlBool> {
  const tests = testsOf(scope);
  return tests.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`(${sql.join(tests, sql` or `)})`;
}

function testsOf({ ownerIds, unowned, partner, collaboratorId }: LimitedScope): Expression<unknown>[] {
  const tests: Expression<unknown>[] = [];
  if (ownerIds.length > 0) tests.push(sql`lead_facts.owner_id in (${sql.join(ownerIds)})`);
  if (unowned) tests.push(sql`lead_facts.owner_id is null`);
  if (partner !== null) tests.push(sql`lead_facts.partner = ${partner}`);
  if (collaboratorId !== null) {
    tests.push(
      sql`exists (select 1 from lead_collaborators where lead_collaborators.lead_id = lead_facts.lead_id and user_id = ${collaboratorId})`,
    );
  }
  return tests;
}

function lookUpsOf({ ownerIds, partner, collaboratorId }: LimitedScope): Expression<unknown>[] {
  const lookUps: Expression<unknown>[] = [];
  if (ownerIds.length > 0) lookUps.push(sql`select lead_id from lead_facts where owner_id in (${sql.join(ownerIds)})`);
  if (partner !== null) lookUps.push(sql`select lead_id from lead_facts where partner = ${partner}`);
  if (collaboratorId !== null) {
    lookUps.push(sql`select lead_id from lead_collaborators where user_id = ${collaboratorId}`);
  }
  return lookUps;
}
