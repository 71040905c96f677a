import type { LeadFacts } from '../../../crm/leads/lead-facts-store.js';
import type { LeadId } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { prepareList } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import type { SqlContext } from '../sql-unit.js';

export interface LeadFactsChildren {
  /** For leads that have none yet. */
  insert(connection: SqlConnection, states: readonly LeadFacts[]): Promise<void>;
  replace(connection: SqlConnection, states: readonly LeadFacts[]): Promise<void>;
  remove(connection: SqlConnection, leadIds: readonly LeadId[]): Promise<void>;
}

/** Stays, index values and collaborators: rows that belong to a lead's facts and change with them. */
export function leadFactsChildren({ flavour }: SqlContext): LeadFactsChildren {
  const stays = inserter(flavour, 'stage_stays', ['lead_id', 'sequence', 'stage', 'entered_at', 'exited_at']);
  const index = inserter(flavour, 'lead_index', [
    'lead_id',
    'field',
    'ordinal',
    'product_line',
    'number_value',
    'text_value',
    'hash_value',
  ]);
  const collaborators = inserter(flavour, 'lead_collaborators', ['lead_id', 'user_id']);
  const removals = (['stage_stays', 'lead_index', 'lead_collaborators'] as const).map((table) =>
    prepareList<LeadId, Record<never, never>, unknown>((leadIds) =>
      flavour.query.deleteFrom(table).where('lead_id', 'in', leadIds),
    ),
  );

  async function insert(connection: SqlConnection, states: readonly LeadFacts[]): Promise<void> {
    await stays.insert(connection, states.flatMap(staysOf));
    await index.insert(connection, states.flatMap(indexOf));
    await collaborators.insert(connection, states.flatMap(collaboratorsOf));
  }

  async function remove(connection: SqlConnection, leadIds: readonly LeadId[]): Promise<void> {
    for (const removal of removals) await removal.all(connection, leadIds, {});
  }

  return {
    insert,
    remove,
    async replace(connection, states) {
      await remove(
        connection,
        states.map((state) => state.leadId),
      );
      await insert(connection, states);
    },
  };
}

function staysOf(facts: LeadFacts) {
  return facts.stays.map((stay) => ({
    lead_id: facts.leadId,
    sequence: stay.sequence,
    stage: stay.stage,
    entered_at: stay.enteredAt,
    exited_at: stay.exitedAt,
  }));
}

function indexOf(facts: LeadFacts) {
  const seen = new Map<string, number>();
  return facts.index.map((entry) => {
    const ordinal = seen.get(entry.field) ?? 0;
    seen.set(entry.field, ordinal + 1);
    return {
      lead_id: facts.leadId,
      field: entry.field,
      ordinal,
      product_line: facts.productLine,
      number_value: entry.number,
      text_value: entry.text,
      hash_value: entry.hash,
    };
  });
}

function collaboratorsOf(facts: LeadFacts) {
  return [...new Set(facts.collaboratorIds)].map((userId) => ({ lead_id: facts.leadId, user_id: userId }));
}
