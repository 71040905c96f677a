import { type Selectable, sql } from 'kysely';
import type { Placement, PlacementStore } from '../../../crm/assignment/placement-store.js';
import type { ActorRef, Instant, LeadId } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { prepare, prepareList } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { PlacementsTable } from '../tables.js';

type PlacementRow = Omit<Selectable<PlacementsTable>, 'format' | 'exclusive_lead_id'>;

const columns = [
  'id',
  'lead_id',
  'holder_kind',
  'holder_id',
  'team',
  'status',
  'version',
  'placed_at',
  'placed_by',
  'released_at',
  'released_by',
] as const satisfies readonly (keyof PlacementRow)[];

export function placementStore(context: SqlContext): PlacementStore {
  const { query, locksRows } = context.flavour;
  const placements = inserter(context.flavour, 'placements', [...columns, 'exclusive_lead_id']);

  const activeOf = (lock: boolean) =>
    prepareList<LeadId, Record<never, never>, PlacementRow>((leadIds) =>
      query
        .selectFrom('placements')
        .select(columns)
        .where('exclusive_lead_id', 'in', leadIds)
        .$if(lock, (select) => select.forUpdate()),
    );
  const active = activeOf(false);
  const activeLocked = locksRows ? activeOf(true) : active;
  const versions = prepareList<LeadId, Record<never, never>, { lead_id: LeadId; version: number }>((leadIds) =>
    query
      .selectFrom('placements')
      .select(['lead_id', (each) => each.fn.max('version').as('version')])
      .where('lead_id', 'in', leadIds)
      .groupBy('lead_id'),
  );
  const newest = prepareList<LeadId, Record<never, never>, PlacementRow>((leadIds) =>
    query
      .selectFrom('placements')
      .select(columns)
      .where('lead_id', 'in', leadIds)
      .where('holder_kind', '=', 'rep')
      .where('version', '=', (each) =>
        each
          .selectFrom('placements as newer')
          .select((newer) => newer.fn.max('newer.version').as('version'))
          .whereRef('newer.lead_id', '=', 'placements.lead_id')
          .where('newer.holder_kind', '=', 'rep'),
      ),
  );
  const release = prepare<{ id: string; version: number; at: Instant; by: ActorRef }, unknown>((parameter) =>
    query
      .updateTable('placements')
      .set({
        status: 'released',
        exclusive_lead_id: null,
        version: parameter('version'),
        released_at: parameter('at'),
        released_by: parameter('by'),
      })
      .where('id', '=', parameter('id'))
      .where('status', '!=', 'released'),
  );
  const ofHolder = prepare<{ holder: string; after: string; limit: number }, PlacementRow>((parameter) =>
    query
      .selectFrom('placements')
      .select(columns)
      .where('holder_id', '=', parameter('holder'))
      .where('status', 'in', ['reserved', 'confirmed'])
      .where(sql<boolean>`lead_id > ${parameter('after')}`)
      .orderBy('lead_id')
      .limit(parameter('limit')),
  );

  return {
    async active(unit, leadIds) {
      const statement = unit === null ? active : activeLocked;
      return (await statement.all(readerFor(context, unit, 'ledger'), leadIds, {})).map(placementOf);
    },
    async newest(unit, leadIds) {
      return (await newest.all(readerFor(context, unit, 'ledger'), leadIds, {})).map(placementOf);
    },
    async versions(unit, leadIds) {
      const rows = await versions.all(connectionOf(unit, 'ledger'), leadIds, {});
      return new Map(rows.map((row) => [row.lead_id, row.version]));
    },
    insert: (unit, placement) => placements.insertOne(connectionOf(unit, 'ledger'), rowOf(placement)),
    async release(unit, id, change) {
      return (await release.run(connectionOf(unit, 'ledger'), { id, ...change })) === 1;
    },
    async ofHolder(holderId, after, limit) {
      const rows = await ofHolder.all(context.reader, { holder: holderId, after: after ?? '', limit });
      return rows.map(placementOf);
    },
  };
}

function rowOf(placement: Placement): PlacementRow & { exclusive_lead_id: LeadId | null } {
  const exclusive = placement.holderKind === 'rep' && placement.status !== 'released';
  return {
    id: placement.id,
    lead_id: placement.leadId,
    holder_kind: placement.holderKind,
    holder_id: placement.holderId,
    team: placement.team,
    status: placement.status,
    version: placement.version,
    placed_at: placement.placedAt,
    placed_by: placement.placedBy,
    released_at: placement.releasedAt,
    released_by: placement.releasedBy,
    exclusive_lead_id: exclusive ? placement.leadId : null,
  };
}

function placementOf(row: PlacementRow): Placement {
  return {
    id: row.id,
    leadId: row.lead_id,
    holderKind: row.holder_kind,
    holderId: row.holder_id,
    team: row.team,
    status: row.status,
    version: row.version,
    placedAt: row.placed_at,
    placedBy: row.placed_by,
    releasedAt: row.released_at,
    releasedBy: row.released_by,
  };
}
