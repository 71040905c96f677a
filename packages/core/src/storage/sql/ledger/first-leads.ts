import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { RowScope } from '../../../foundation/access/index.js';
import { compilable, runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';
import { namedLeads } from './few-leads.js';

type LimitedScope = Exclude<RowScope, { readonly everything: true }>;

/** More holders are many of all leads: the first of theirs are soon met in the order of the list itself. */
const mostHolders = 32;
/** A longer page is read for a file, not for a person who waits. */
const longestPage = 200;

/** The first leads in an order that an index of each holder keeps. */
export interface FirstLeads {
  readonly order: 'created_at' | 'stage_entered_at';
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  /** What else they meet: everything but the scope. */
  readonly conditions: readonly Expression<unknown>[];
}

const ownerIndexes = { created_at: 'lead_facts_of_owner', stage_entered_at: 'lead_facts_board_of_owner' } as const;
const partnerIndexes = { created_at: 'lead_facts_by_partner', stage_entered_at: 'lead_facts_by_stage' } as const;

/**
 * Names the first leads of a scope: those of each owner, of nobody, of the partner and those helped with, each out of an index, and the
 * first of these together. Testing all leads in the order of the list would pass over those of everybody else. Null where
 * that is the quicker way.
 */
export async function namingFirstLeads(
  context: SqlContext,
  scope: LimitedScope,
  wanted: FirstLeads,
): Promise<Expression<SqlBool> | null> {
  const parts = partsOf(context, scope, wanted);
  if (wanted.limit > longestPage || parts.length > mostHolders) return null;
  const direction = sql.raw(wanted.direction);
  // Without doubles: a lead of two holders would take the place of another.
  const found = sql<{
    lead_id: string;
  }>`select lead_id from (${sql.join(parts, sql` union `)}) as parts order by place ${direction}, lead_id ${direction} limit ${wanted.limit}`;
  const { rows } = await runQuery(context.reader, compilable(context.flavour, found));
  return namedLeads(rows.map((row) => row.lead_id));
}

function partsOf(
  { flavour }: SqlContext,
  { ownerIds, unowned, partner, collaboratorId }: LimitedScope,
  { order, direction, limit, conditions }: FirstLeads,
): readonly RawBuilder<unknown>[] {
  const place = sql.ref(`lead_facts.${order}`);
  const towards = sql.raw(direction);
  const part = (from: RawBuilder<unknown>, test: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`select * from (select lead_facts.lead_id as lead_id, ${place} as place from ${from} where ${sql.join([test, ...conditions], sql` and `)} order by ${place} ${towards}, lead_facts.lead_id ${towards} limit ${limit}) as part`;
  const facts = (index: string): RawBuilder<unknown> => sql`lead_facts${flavour.byIndex(index)}`;
  const parts = ownerIds.map((owner) => part(facts(ownerIndexes[order]), sql`lead_facts.owner_id = ${owner}`));
  if (unowned) parts.push(part(facts(ownerIndexes[order]), sql`lead_facts.owner_id is null`));
  if (partner !== null) parts.push(part(facts(partnerIndexes[order]), sql`lead_facts.partner = ${partner}`));
  if (collaboratorId !== null) {
    const helped = sql`lead_collaborators cross join lead_facts on lead_facts.lead_id = lead_collaborators.lead_id`;
    parts.push(part(helped, sql`lead_collaborators.user_id = ${collaboratorId}`));
  }
  return parts;
}
