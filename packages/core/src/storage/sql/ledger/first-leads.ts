import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LimitedScope } from '../../../foundation/access/index.js';
import type { Flavour } from '../flavour.js';

/** More holders are many of all leads: the first of theirs are soon met in the order of the list itself. */
const mostHolders = 32;
/** The longest page that a person reads, and the lead that tells whether another follows; what is longer is read for a file. */
const longestPage = 201;

/** An order that an index of each holder keeps, in which the first leads are those that it has first. */
type KeptOrder = 'created_at' | 'stage_entered_at';

/** The first leads in some order. */
export interface FirstLeads {
  readonly order: KeptOrder | 'updated_at' | 'number_order' | 'amount_paise' | 'score' | 'lead_id';
  /** Whether an index of each holder keeps the order, under these conditions; else all leads of each are read and ordered. */
  readonly isKept: boolean;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  /** What else they meet: everything but the scope. */
  readonly conditions: readonly Expression<SqlBool>[];
}

const inKeptOrder = {
  created_at: { owner: 'lead_facts_of_owner', partner: 'lead_facts_by_partner' },
  stage_entered_at: { owner: 'lead_facts_board_of_owner', partner: 'lead_facts_by_stage' },
} as const;
/** By line and stage within an owner, as most filters ask. */
const inNoOrder = { owner: 'lead_facts_board_of_owner', partner: 'lead_facts_by_partner' } as const;

function indexesFor({ order, isKept }: FirstLeads): { readonly owner: string; readonly partner: string } {
  return isKept && (order === 'created_at' || order === 'stage_entered_at') ? inKeptOrder[order] : inNoOrder;
}

/**
 * What to select from for the first leads of a scope: `lead_facts` beside those of each owner, of nobody, of the partner and those
 * helped with, each out of an index, and the first of these together. All of it in the statement that reads them, so of one moment: a
 * page is short only where there are no more. Testing all leads in the order of the list would pass over those of everybody else. Null
 * where that is the quicker way.
 */
export function firstLeads(flavour: Flavour, scope: LimitedScope, wanted: FirstLeads): RawBuilder<unknown> | null {
  const parts = partsOf(flavour, scope, wanted);
  if (wanted.limit > longestPage || parts.length > mostHolders) return null;
  const direction = sql.raw(wanted.direction);
  // Without doubles: a lead of two holders would take the place of another.
  const page = sql`select lead_id from (${sql.join(parts, sql` union `)}) as parts order by place ${direction}, lead_id ${direction} limit ${wanted.limit}`;
  // SQLite keeps the order of a cross join.
  return sql`(${page}) as page cross join lead_facts on lead_facts.lead_id = page.lead_id`;
}

function partsOf(
  flavour: Flavour,
  { ownerIds, unowned, partner, collaboratorId }: LimitedScope,
  wanted: FirstLeads,
): readonly RawBuilder<unknown>[] {
  const { order, direction, limit, conditions } = wanted;
  const indexes = indexesFor(wanted);
  const place = sql.ref(`lead_facts.${order}`);
  const towards = sql.raw(direction);
  const part = (from: RawBuilder<unknown>, test: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`select * from (select lead_facts.lead_id as lead_id, ${place} as place from ${from} where ${sql.join([test, ...conditions], sql` and `)} order by ${place} ${towards}, lead_facts.lead_id ${towards} limit ${limit}) as part`;
  const facts = (index: string): RawBuilder<unknown> => sql`lead_facts${flavour.byIndex(index)}`;
  const parts = ownerIds.map((owner) => part(facts(indexes.owner), sql`lead_facts.owner_id = ${owner}`));
  if (unowned) parts.push(part(facts(indexes.owner), sql`lead_facts.owner_id is null`));
  if (partner !== null) parts.push(part(facts(indexes.partner), sql`lead_facts.partner = ${partner}`));
  if (collaboratorId !== null) {
    const helped = sql`lead_collaborators cross join lead_facts on lead_facts.lead_id = lead_collaborators.lead_id`;
    parts.push(part(helped, sql`lead_collaborators.user_id = ${collaboratorId}`));
  }
  return parts;
}
