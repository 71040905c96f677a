import { sql } from 'kysely';
import type { LeadFactsStore } from '../../../crm/leads/lead-facts-store.js';
import type { LeadId } from '../../../foundation/kernel/index.js';
import { compilable, prepare, prepareList, runQuery } from '../prepared.js';
import type { SqlContext } from '../sql-unit.js';
import { presence } from '../tables-lead-facts.js';
import { boardOf } from './lead-facts-board.js';
import { filterConditions, followsAnIndex } from './lead-facts-filter.js';
import { listFacts, listPositions } from './lead-facts-list.js';
import { leadFactsProjection } from './lead-facts-project.js';
import { leadFactsRebuilding } from './lead-facts-rebuild.js';
import { factsRowOf, type ReadFacts, readColumns } from './lead-facts-rows.js';
import { leadTotals } from './lead-totals.js';

/** Counting this far along an index takes a millisecond or less. */
const shortCount = 1_000;

export function leadFactsStore(context: SqlContext): LeadFactsStore {
  const { flavour } = context;
  const totals = leadTotals(context);
  const byLead = prepare<{ lead: LeadId; awaited: number }, ReadFacts>((parameter) =>
    flavour.query
      .selectFrom('lead_facts')
      .select(readColumns)
      .where('lead_id', '=', parameter('lead'))
      .where('presence', '!=', parameter('awaited')),
  );
  const placed = prepareList<LeadId, { awaited: number }, Pick<ReadFacts, 'lead_id' | 'owner_id' | 'partner'>>(
    (leadIds, parameter) =>
      flavour.query
        .selectFrom('lead_facts')
        .select(['lead_id', 'owner_id', 'partner'])
        .where('lead_id', 'in', leadIds)
        .where('presence', '!=', parameter('awaited')),
  );
  return {
    ...leadFactsProjection(context, totals),
    ...leadFactsRebuilding(context, totals),
    foldTotals: totals.foldTotals,
    recountTotals: totals.recountTotals,
    wrongTotals: totals.wrongTotals,
    list: (query) => listFacts(context, query),
    positions: (query) => listPositions(context, query),
    board: (query) => boardOf(context, query),

    async count(filter, cap) {
      const conditions = await filterConditions(context, filter);
      const isShort = cap <= shortCount && followsAnIndex(filter);
      const matching = sql`select 1 from lead_facts where ${sql.join(conditions, sql` and `)} limit ${cap}`;
      const counted = sql<{ leads: number }>`select count(*) as leads from (${matching}) as matching`;
      const { rows } = await runQuery(isShort ? context.reader : context.scanner, compilable(flavour, counted));
      return rows[0]?.leads ?? 0;
    },

    async idsInStage(productLine, stage, after, limit) {
      const { rows } = await runQuery(
        context.scanner,
        flavour.query
          .selectFrom('lead_facts')
          .select('lead_id')
          .where('product_line', '=', productLine)
          .where('presence', 'in', [presence.live, presence.deleted])
          .where('stage', '=', stage)
          .where(sql<boolean>`lead_id > ${after ?? ''}`)
          .orderBy('lead_id')
          .limit(limit),
      );
      return rows.map((row) => row.lead_id);
    },

    async row(leadId) {
      const row = await byLead.first(context.reader, { lead: leadId, awaited: presence.awaited });
      return row && factsRowOf(row);
    },

    async placed(leadIds) {
      const rows = await placed.all(context.reader, leadIds, { awaited: presence.awaited });
      return rows.map((row) => ({ leadId: row.lead_id, ownerId: row.owner_id, partner: row.partner }));
    },
  };
}
