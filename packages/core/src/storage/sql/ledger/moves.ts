import type { Selectable } from 'kysely';
import type { MoveStore } from '../../../crm/leads/lead-facts-store.js';
import type { LeadId } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { prepare } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import type { MovesTable } from '../tables.js';

type MoveRowInTable = Omit<Selectable<MovesTable>, 'format'>;

const columns = [
  'event_id',
  'lead_id',
  'product_line',
  'pipeline_version',
  'from_stage',
  'to_stage',
  'at',
  'actor',
] as const satisfies readonly (keyof MoveRowInTable)[];

export function moveStore(context: SqlContext): MoveStore {
  const moves = inserter(context.flavour, 'moves', columns);
  const ofLead = prepare<{ lead: LeadId; limit: number }, MoveRowInTable>((parameter) =>
    context.flavour.query
      .selectFrom('moves')
      .select(columns)
      .where('lead_id', '=', parameter('lead'))
      .orderBy('at')
      .orderBy('event_id')
      .limit(parameter('limit')),
  );
  return {
    async insert(unit, rows) {
      await moves.insertKeepingExisting(
        connectionOf(unit, 'ledger'),
        rows.map((move) => ({
          event_id: move.eventId,
          lead_id: move.leadId,
          product_line: move.productLine,
          pipeline_version: move.pipelineVersion,
          from_stage: move.from,
          to_stage: move.to,
          at: move.at,
          actor: move.actor,
        })),
      );
    },
    async list(leadId, limit) {
      const rows = await ofLead.all(context.reader, { lead: leadId, limit });
      return rows.map((row) => ({
        eventId: row.event_id,
        leadId: row.lead_id,
        productLine: row.product_line,
        pipelineVersion: row.pipeline_version,
        from: row.from_stage,
        to: row.to_stage,
        at: row.at,
        actor: row.actor,
      }));
    },
  };
}
