import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { LeadFacts, LeadFactsRow } from '../../../crm/leads/lead-facts-store.js';
import { requireSafeInteger } from '../sql-connection.js';
import { type LeadFactsTable, presence } from '../tables-lead-facts.js';

type FactsInTable = Selectable<LeadFactsTable>;
/** What a projection of the lead writes; the placement's columns are not its own. */
export type ProjectedFacts = Omit<FactsInTable, 'format' | 'owner_id' | 'team' | 'partner' | 'placement_version'>;

const projected = [
  'lead_id',
  'version',
  'presence',
  'number',
  'number_month',
  'number_seq',
  'number_order',
  'product_line',
  'stage',
  'stage_entered_at',
  'status',
  'region',
  'source',
  'channel',
  'campaign',
  'score',
  'amount_paise',
  'tasks_done',
  'tasks_total',
  'sealed_name',
  'created_at',
  'updated_at',
  'first_response_at',
  'decided_at',
  'won_at',
  'lost_at',
  'deleted_at',
] as const satisfies readonly (keyof ProjectedFacts)[];

export type ProjectedColumn = keyof ProjectedFacts;
export const projectedColumns: readonly ['lead_id', ...ProjectedColumn[]] = projected;

type PlacementColumn = 'owner_id' | 'team' | 'partner' | 'placement_version';
export const placementColumns: readonly PlacementColumn[] = ['owner_id', 'team', 'partner', 'placement_version'];

/** What a list row is made of. */
export type ReadFacts = Omit<FactsInTable, 'format' | 'placement_version'>;
export const readColumns: readonly (keyof ReadFacts)[] = [...projected, 'owner_id', 'team', 'partner'];

/** The same columns in a query that has other tables too. */
export const factsColumns: RawBuilder<unknown> = sql.join(readColumns.map((column) => sql.ref(`lead_facts.${column}`)));

const sequenceDigits = 12;

export function projectedFactsOf(facts: LeadFacts): ProjectedFacts {
  return {
    lead_id: facts.leadId,
    version: facts.version,
    presence: facts.deletedAt === null ? presence.live : presence.deleted,
    number: facts.number,
    number_month: facts.numberMonth,
    number_seq: facts.numberSeq,
    number_order: `${facts.numberMonth}-${String(facts.numberSeq).padStart(sequenceDigits, '0')}`,
    product_line: facts.productLine,
    stage: facts.stage,
    stage_entered_at: facts.stageEnteredAt,
    status: facts.status,
    region: facts.region,
    source: facts.source,
    channel: facts.channel,
    campaign: facts.campaign,
    score: facts.score,
    amount_paise: facts.amountPaise === null ? null : requireSafeInteger(facts.amountPaise),
    tasks_done: facts.tasksDone,
    tasks_total: facts.tasksTotal,
    sealed_name: facts.sealedName,
    created_at: facts.createdAt,
    updated_at: facts.updatedAt,
    first_response_at: facts.firstResponseAt,
    decided_at: facts.decidedAt,
    won_at: facts.wonAt,
    lost_at: facts.lostAt,
    deleted_at: facts.deletedAt,
  };
}

export function factsRowOf(row: ReadFacts): LeadFactsRow {
  return {
    leadId: row.lead_id,
    version: row.version,
    number: row.number,
    numberMonth: row.number_month,
    numberSeq: row.number_seq,
    productLine: row.product_line,
    stage: row.stage,
    stageEnteredAt: row.stage_entered_at,
    status: row.status,
    region: row.region,
    source: row.source,
    channel: row.channel,
    campaign: row.campaign,
    score: row.score,
    amountPaise: row.amount_paise,
    tasksDone: row.tasks_done,
    tasksTotal: row.tasks_total,
    sealedName: row.sealed_name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    firstResponseAt: row.first_response_at,
    decidedAt: row.decided_at,
    wonAt: row.won_at,
    lostAt: row.lost_at,
    deletedAt: row.deleted_at,
    ownerId: row.owner_id,
    team: row.team,
    partner: row.partner,
  };
}
