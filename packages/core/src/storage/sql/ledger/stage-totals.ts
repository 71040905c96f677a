import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LeadFactsFilter } from '../../../crm/leads/lead-facts-store.js';
import type { LimitedScope } from '../../../foundation/access/index.js';
import { LmsError } from '../../../foundation/kernel/index.js';
import { compilable, runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';
import { presence } from '../tables-lead-facts.js';
import { minorUnitsOfLakh } from './total-deltas.js';
import { amountParts } from './total-differences.js';

export interface StageTotal {
  readonly stage: string;
  readonly count: number;
  readonly amountPaise: number;
}

/** Sums as text: engines that add up beyond what a number holds give them whole. */
interface SummedStage {
  readonly stage: string;
  readonly leads: string;
  readonly lakhs: string | null;
  readonly rest: string | null;
}

/**
 * Count and value of each stage that has leads, by stage: out of the kept totals where the filter asks for nothing else, so that it costs the same
 * however many leads there are; else by counting. One statement, so one moment.
 * @param conditions the filter's
 * @throws LmsError `AMOUNT_OUT_OF_RANGE`
 */
export async function stageTotals(
  context: SqlContext,
  filter: LeadFactsFilter,
  conditions: readonly Expression<SqlBool>[],
): Promise<readonly StageTotal[]> {
  const kept = keptTotals(filter);
  const [reader, source] = kept === null ? [context.scanner, counted(conditions)] : [context.reader, kept];
  const { rows } = await runQuery(
    reader,
    compilable(
      context.flavour,
      sql<SummedStage>`select stage, cast(sum(leads) as char) as leads, cast(sum(lakhs) as char) as lakhs, cast(sum(rest) as char) as rest from (${source}) as parts group by stage having sum(leads) > 0 order by stage`,
    ),
  );
  return rows.map((row) => ({ stage: row.stage, count: Number(row.leads), amountPaise: exactSum(row) }));
}

const keptFilters: ReadonlySet<string> = new Set(['scope', 'productLine', 'stage', 'ownerId', 'partner', 'deleted']);

/** What answers out of the totals; null for a filter that asks for more than they keep. */
function keptTotals(filter: LeadFactsFilter): RawBuilder<unknown> | null {
  const { productLine, scope } = filter;
  const isKept = Object.entries(filter).every(([name, value]) => value === undefined || keptFilters.has(name));
  if (!isKept || productLine === undefined) return null;
  const conditions = sql.join(
    [...filterConditions(filter), ...(scope.everything ? [] : [holderCondition(scope)])],
    sql` and `,
  );
  const parts = ['lead_totals', 'lead_total_changes'].map(
    (table) =>
      sql`select stage, leads, amount_lakhs as lakhs, amount_rest as rest from ${sql.table(table)} where ${conditions}`,
  );
  if (!scope.everything && scope.collaboratorId !== null) parts.push(helpedLeads(filter, scope, scope.collaboratorId));
  return sql.join(parts, sql` union all `);
}

const ownerId = sql.raw('owner_id');
const partnerOf = sql.raw('partner');

/** Totals keep nobody as an empty text; of facts the two are given so. */
interface HolderColumns {
  readonly owner: RawBuilder<unknown>;
  readonly partner: RawBuilder<unknown>;
}

const ofTotals: HolderColumns = { owner: ownerId, partner: partnerOf };
const ofFacts: HolderColumns = {
  owner: sql`coalesce(lead_facts.owner_id, '')`,
  partner: sql`coalesce(lead_facts.partner, '')`,
};

function filterConditions(filter: LeadFactsFilter, columns: HolderColumns = ofTotals): RawBuilder<unknown>[] {
  const conditions = [
    sql`product_line = ${filter.productLine}`,
    sql`presence = ${filter.deleted ? presence.deleted : presence.live}`,
  ];
  if (filter.stage !== undefined) conditions.push(isOneOf(sql`stage`, filter.stage));
  if (filter.ownerId !== undefined) conditions.push(sql`${columns.owner} = ${filter.ownerId ?? ''}`);
  if (filter.partner !== undefined) conditions.push(sql`${columns.partner} = ${filter.partner ?? ''}`);
  return conditions;
}

/** Leads of a scope but for those that it helps with; joined by OR on one row, so that none counts twice. */
function holderCondition(
  { ownerIds, unowned, partner }: LimitedScope,
  columns: HolderColumns = ofTotals,
): RawBuilder<unknown> {
  const owners = [...ownerIds, ...(unowned ? [''] : [])];
  const tests: RawBuilder<unknown>[] = [];
  if (owners.length > 0) tests.push(isOneOf(columns.owner, owners));
  if (partner !== null) tests.push(sql`${columns.partner} = ${partner}`);
  return tests.length === 0 ? sql`1 = 0` : sql`(${sql.join(tests, sql` or `)})`;
}

function isOneOf(column: RawBuilder<unknown>, values: readonly string[]): RawBuilder<unknown> {
  return values.length === 0 ? sql`1 = 0` : sql`${column} in (${sql.join(values)})`;
}

/** Leads that somebody sees only because of helping with them: few, so they are counted. */
function helpedLeads(filter: LeadFactsFilter, scope: LimitedScope, helper: string): RawBuilder<unknown> {
  const conditions = sql.join(filterConditions(filter, ofFacts), sql` and `);
  // SQLite keeps the order of a cross join; it would begin with all leads of the line.
  return sql`select stage, count(*) as leads, ${amountParts.lakhs} as lakhs, ${amountParts.rest} as rest from lead_collaborators cross join lead_facts on lead_facts.lead_id = lead_collaborators.lead_id where lead_collaborators.user_id = ${helper} and ${conditions} and not ${holderCondition(scope, ofFacts)} group by stage`;
}

/** A pass over all leads that meet the conditions. */
function counted(conditions: readonly Expression<SqlBool>[]): RawBuilder<unknown> {
  return sql`select stage, count(*) as leads, 0 as lakhs, sum(amount_paise) as rest from lead_facts where ${sql.join([...conditions], sql` and `)} group by stage`;
}

function exactSum({ lakhs, rest, stage }: SummedStage): number {
  const amount = BigInt(lakhs ?? 0) * BigInt(minorUnitsOfLakh) + BigInt(rest ?? 0);
  if (amount >= BigInt(Number.MIN_SAFE_INTEGER) && amount <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(amount);
  throw new LmsError('AMOUNT_OUT_OF_RANGE', {
    message: `The amounts in stage "${stage}" add up to more than can be shown exactly; look for a lead with a wrong amount`,
  });
}
