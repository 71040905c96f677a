import { sql } from 'kysely';
import type { LeadFacts, LeadFactsStore } from '../../../crm/leads/lead-facts-store.js';
import type { PlacementProjection } from '../../../crm/leads/lead-store.js';
import type { LeadId } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { compilable, prepare } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import { presence } from '../tables-lead-facts.js';
import { leadFactsChildren } from './lead-facts-children.js';
import {
  type ProjectedFacts,
  placementColumns,
  projectedColumns,
  projectedFactsOf,
  type ReadFacts,
} from './lead-facts-rows.js';
import type { LeadTotals } from './lead-totals.js';
import { TotalDeltas } from './total-deltas.js';

const changedColumns = projectedColumns.filter((column) => column !== 'lead_id');

export const unplaced: Pick<ReadFacts, 'owner_id' | 'team' | 'partner'> & { readonly placement_version: number } = {
  owner_id: null,
  team: null,
  partner: null,
  placement_version: 0,
};

/** The writing half of the facts store. */
export function leadFactsProjection(
  context: SqlContext,
  totals: LeadTotals,
): Pick<LeadFactsStore, 'project' | 'projectPlacement'> {
  const { flavour } = context;
  const { query } = flavour;
  const facts = inserter(flavour, 'lead_facts', [...projectedColumns, ...placementColumns]);
  const children = leadFactsChildren(context);

  const update = prepare<ProjectedFacts, unknown>((parameter) => {
    const assignments = changedColumns.map((column) => sql`${sql.ref(column)} = ${parameter(column)}`);
    return compilable(
      flavour,
      sql`update lead_facts set ${sql.join(assignments)} where lead_id = ${parameter('lead_id')}`,
    );
  });
  const place = prepare<PlacementProjection, unknown>((parameter) =>
    query
      .updateTable('lead_facts')
      .set({
        owner_id: parameter('ownerId'),
        team: parameter('team'),
        partner: parameter('partner'),
        placement_version: parameter('placementVersion'),
      })
      .where('lead_id', '=', parameter('leadId'))
      .where('placement_version', '<', parameter('placementVersion')),
  );

  /** False when there is no row. */
  async function placeExisting(connection: SqlConnection, placement: PlacementProjection): Promise<boolean> {
    const [row] = await totals.counted(connection, [placement.leadId]);
    if (!row) return false;
    if (row.placement_version >= placement.placementVersion) return true;
    await place.run(connection, placement);
    const deltas = new TotalDeltas();
    deltas.go(row);
    deltas.come({ ...row, owner_id: placement.ownerId, partner: placement.partner });
    await totals.write(connection, deltas);
    return true;
  }

  /** Rows that are there and locked: a statement each where that costs nothing, else one for all. */
  async function overwrite(connection: SqlConnection, states: readonly LeadFacts[]): Promise<void> {
    if (flavour.valuesPerInsert > 1) {
      const rows = states.map((state) => ({ ...projectedFactsOf(state), ...unplaced }));
      await facts.insertOverwriting(connection, rows, changedColumns);
      return;
    }
    for (const state of states) await update.run(connection, projectedFactsOf(state));
  }

  /** Locks, reads and writes the rows that are there, or may be. */
  async function projectOver(
    connection: SqlConnection,
    states: readonly LeadFacts[],
    deltas: TotalDeltas,
  ): Promise<void> {
    const stored = await totals.counted(
      connection,
      states.map((state) => state.leadId),
    );
    const rows = new Map(stored.map((row) => [row.lead_id, row]));
    const newer = states.filter((state) => state.version > (rows.get(state.leadId)?.version ?? -1));
    const absent = newer.filter((state) => !rows.has(state.leadId));
    await insert(connection, absent, deltas);
    const present = newer.filter((state) => rows.has(state.leadId));
    await overwrite(connection, present);
    await children.replace(connection, present);
    for (const state of present) {
      const row = rows.get(state.leadId);
      if (!row) continue;
      deltas.go(row);
      deltas.come({ ...projectedFactsOf(state), owner_id: row.owner_id, partner: row.partner });
    }
  }

  async function insert(connection: SqlConnection, states: readonly LeadFacts[], deltas: TotalDeltas): Promise<void> {
    const rows = states.map((state) => ({ ...projectedFactsOf(state), ...unplaced }));
    await facts.insert(connection, rows);
    await children.insert(connection, states);
    for (const row of rows) deltas.come(row);
  }

  return {
    async project(unit, given) {
      const connection = connectionOf(unit, 'ledger');
      const states = highestOfEach(given);
      const deltas = new TotalDeltas();
      // A lead's first facts are nearly always new: inserting at once saves the read before.
      const fresh = new Map(states.filter((state) => state.version === 1).map((state) => [state.leadId, state]));
      const rows = [...fresh.values()].map((state) => ({ ...projectedFactsOf(state), ...unplaced }));
      const taken = new Set((await facts.insertReturningTaken(connection, rows)).map((row) => row.lead_id));
      const late = states.filter((state) => state.version !== 1);
      for (const row of rows) {
        const state = fresh.get(row.lead_id);
        if (!state) continue;
        if (!taken.has(row.lead_id)) {
          deltas.come(row);
          continue;
        }
        late.push(state);
        fresh.delete(row.lead_id);
      }
      await children.insert(connection, [...fresh.values()]);
      if (late.length > 0) await projectOver(connection, late, deltas);
      await totals.write(connection, deltas);
    },

    async projectPlacement(unit, placement) {
      const connection = connectionOf(unit, 'ledger');
      if (await placeExisting(connection, placement)) return;
      const { leadId, ownerId, team, partner, placementVersion } = placement;
      const awaited = {
        ...awaitedFacts(leadId),
        owner_id: ownerId,
        team,
        partner,
        placement_version: placementVersion,
      };
      const [taken] = await facts.insertReturningTaken(connection, [awaited]);
      // The row came between the two statements.
      if (taken) await placeExisting(connection, placement);
    },
  };
}

/** One state a lead; locks are taken in the order of ids, so that two projections cannot wait for each other. */
function highestOfEach(states: readonly LeadFacts[]): readonly LeadFacts[] {
  if (states.length < 2) return states;
  const highest = new Map<LeadId, LeadFacts>();
  for (const state of states) {
    const seen = highest.get(state.leadId);
    if (!seen || seen.version < state.version) highest.set(state.leadId, state);
  }
  return [...highest.values()].sort((left, right) => (left.leadId < right.leadId ? -1 : 1));
}

/** Keeps the place of a lead whose facts have not come; no list shows it. */
export function awaitedFacts(leadId: LeadId): ProjectedFacts {
  return {
    lead_id: leadId,
    version: 0,
    presence: presence.awaited,
    number: '',
    number_month: '',
    number_seq: 0,
    number_order: '',
    product_line: '',
    stage: '',
    stage_entered_at: '',
    status: 'pending',
    region: null,
    source: '',
    channel: null,
    campaign: null,
    score: null,
    amount_paise: null,
    tasks_done: 0,
    tasks_total: 0,
    sealed_name: null,
    created_at: '',
    updated_at: '',
    first_response_at: null,
    decided_at: null,
    won_at: null,
    lost_at: null,
    deleted_at: null,
  };
}
