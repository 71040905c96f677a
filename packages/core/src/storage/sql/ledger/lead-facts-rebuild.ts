import type { LeadFactsStore } from '../../../crm/leads/lead-facts-store.js';
import type { LeadId } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { prepareList, runQuery } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import { leadFactsChildren } from './lead-facts-children.js';
import { awaitedFacts, unplaced } from './lead-facts-project.js';
import { placementColumns, projectedColumns, projectedFactsOf } from './lead-facts-rows.js';
import type { LeadTotals } from './lead-totals.js';
import { TotalDeltas } from './total-deltas.js';

/** What writes facts anew, whatever was there. */
export function leadFactsRebuilding(
  context: SqlContext,
  totals: LeadTotals,
): Pick<LeadFactsStore, 'lock' | 'overwrite' | 'remove' | 'idsBetween'> {
  const { flavour } = context;
  const { query, locksRows } = flavour;
  const facts = inserter(flavour, 'lead_facts', [...projectedColumns, ...placementColumns]);
  const children = leadFactsChildren(context);
  const locked = prepareList<LeadId, Record<never, never>, unknown>((leadIds) =>
    query.selectFrom('lead_facts').select('lead_id').where('lead_id', 'in', leadIds).orderBy('lead_id').forUpdate(),
  );
  const removal = prepareList<LeadId, Record<never, never>, unknown>((leadIds) =>
    query.deleteFrom('lead_facts').where('lead_id', 'in', leadIds),
  );

  async function removeRows(connection: SqlConnection, leadIds: readonly LeadId[], deltas: TotalDeltas): Promise<void> {
    for (const row of await totals.counted(connection, [...new Set(leadIds)])) deltas.go(row);
    await children.remove(connection, leadIds);
    await removal.all(connection, leadIds, {});
  }

  return {
    async remove(unit, leadIds) {
      const connection = connectionOf(unit, 'ledger');
      const deltas = new TotalDeltas();
      await removeRows(connection, leadIds, deltas);
      await totals.write(connection, deltas);
    },
    async lock(unit, leadIds) {
      if (!locksRows) return;
      const connection = connectionOf(unit, 'ledger');
      const sorted = [...new Set(leadIds)].sort();
      // A row that is not there cannot be locked: one that stands for it keeps projections of that lead waiting too.
      await facts.insertKeepingExisting(
        connection,
        sorted.map((leadId) => ({ ...awaitedFacts(leadId), ...unplaced })),
      );
      await locked.all(connection, sorted, {});
    },
    async overwrite(unit, given) {
      const connection = connectionOf(unit, 'ledger');
      const deltas = new TotalDeltas();
      await removeRows(
        connection,
        given.map((row) => row.facts.leadId),
        deltas,
      );
      const rows = given.map(({ facts: state, placement }) => ({
        ...projectedFactsOf(state),
        owner_id: placement.ownerId,
        team: placement.team,
        partner: placement.partner,
        placement_version: placement.placementVersion,
      }));
      await facts.insert(connection, rows);
      await children.insert(
        connection,
        given.map((row) => row.facts),
      );
      for (const row of rows) deltas.come(row);
      await totals.write(connection, deltas);
    },
    async idsBetween({ after, upTo, productLine }, limit) {
      let list = query.selectFrom('lead_facts').select('lead_id').orderBy('lead_id').limit(limit);
      if (after !== null) list = list.where('lead_id', '>', after);
      if (upTo !== null) list = list.where('lead_id', '<=', upTo);
      if (productLine !== undefined) list = list.where('product_line', '=', productLine);
      const { rows } = await runQuery(context.scanner, list);
      return rows.map((row) => row.lead_id);
    },
  };
}
