import type { MongoMoment } from '../mongo/mongo-moment.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { newerRows, type TwoMoments } from './ledger-differences.js';
import { aggregateOf, ledgerOutbox, type Retold, waitingIds } from './retold-events.js';
import { rowsById } from './rows-by-id.js';
import { type LeadVersion, lastToldOf, newlyTold, type ToldOf } from './told-events.js';

/** Two moments of the ledger with one of the documents in between, in this order. */
export interface Moments extends TwoMoments {
  readonly documents: MongoMoment;
}

/**
 * What has to be done to the rows of the later moment of the ledger so that they and the documents are one store, as a crash could
 * have left it and a relay mends it.
 */
export interface Cut {
  /** Events that the ledger tells of, and the documents do not know yet. */
  readonly droppedEvents: ReadonlySet<string>;
  /** Leads that the ledger knows, and the documents do not yet. */
  readonly absentLeads: ReadonlySet<string>;
  /** Leads whose read model may be ahead of the document, with the document's version. */
  readonly leadVersions: ReadonlyMap<string, number>;
  /** What has to be told again, as nothing shows that the other home has heard of it. */
  readonly retold: readonly Retold[];
}

/**
 * No clock is trusted: what the earlier moment has was written before the documents' moment; only of what came since, the documents
 * are asked.
 */
export async function cutOf(moments: Moments): Promise<Cut> {
  const { documents, later } = moments;
  const told = await newlyTold(later, await newerRows(moments, 'audit'));
  const changedLeads = await newerRows(moments, 'facts');
  const placedLeads = await leadsOfPlacements(later, await newerRows(moments, 'placements'));
  const toldLeads = told.filter(isOfLead).map(({ aggregate_id }) => aggregate_id);
  const leadIds = [...new Set([...changedLeads, ...placedLeads, ...toldLeads])];
  const leadVersions = new Map(
    (await documents.byIds<{ _id: string; version: number }>('leads', leadIds, { version: 1 })).map((lead) => [
      lead._id,
      lead.version,
    ]),
  );
  const absentLeads = new Set(leadIds.filter((id) => !leadVersions.has(id)));
  const knows = await documentsKnow(documents, told, leadVersions);
  const droppedEvents = new Set(told.filter((event) => !knows(event)).map(({ id }) => id));
  const kept = told.filter(({ id }) => !droppedEvents.has(id));
  return {
    droppedEvents,
    absentLeads,
    leadVersions,
    retold: [
      { home: 'documents', from: 'trail of the later moment', ids: await leadsToTellAgain(moments, leadVersions) },
      ...(await ledgerToTellAgain(moments, kept)),
    ],
  };
}

function isOfLead({ aggregate_kind }: ToldOf): boolean {
  return aggregate_kind === 'lead' || aggregate_kind === 'placement';
}

async function leadsOfPlacements(later: SqlConnection, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await rowsById<{ readonly lead_id: string }>(later, 'SELECT lead_id FROM placements WHERE id', ids);
  return rows.map(({ lead_id }) => lead_id);
}

/** Whether what an event tells of is in the documents. Users and exports are the ledger's own; a draft changes nothing. */
async function documentsKnow(
  documents: MongoMoment,
  told: readonly ToldOf[],
  leads: ReadonlyMap<string, number>,
): Promise<(event: ToldOf) => boolean> {
  const idsOf = (kind: string): readonly string[] => [
    ...new Set(told.filter(({ aggregate_kind }) => aggregate_kind === kind).map(({ aggregate_id }) => aggregate_id)),
  ];
  const lines = await documents.byIds<{ _id: string; revision: number }>('lineHeads', idsOf('product-line'), {
    revision: 1,
  });
  const revisions = new Map(lines.map(({ _id, revision }) => [_id, revision]));
  const mappingIds = idsOf('mapping');
  const found =
    mappingIds.length === 0
      ? []
      : await documents.find<{ id: string; version: number }>('savedMappings', { id: { $in: mappingIds } }, {});
  const mappings = new Map(found.map(({ id, version }) => [id, version]));
  // One that is gone was removed, so nothing that was told of it is ahead; or it is yet to be made.
  const removed = new Set(
    told.filter(({ event_type }) => event_type === 'mapping.removed').map(({ aggregate_id }) => aggregate_id),
  );
  const rules: Readonly<Record<string, (event: ToldOf) => boolean>> = {
    lead: ({ aggregate_id, aggregate_version }) => (leads.get(aggregate_id) ?? 0) >= aggregate_version,
    placement: ({ aggregate_id }) => leads.has(aggregate_id),
    'product-line': ({ event_type, aggregate_id, aggregate_version }) =>
      event_type.startsWith('schema.draft_') || (revisions.get(aggregate_id) ?? 0) >= aggregate_version,
    mapping({ event_type, aggregate_id, aggregate_version }) {
      const version = mappings.get(aggregate_id);
      if (event_type === 'mapping.removed') return version === undefined;
      return version === undefined ? removed.has(aggregate_id) : version >= aggregate_version;
    },
    // Runs are taken from the earlier moment: a run that goes on is then one that broke off, and its file can be imported again.
    import: () => false,
  };
  return (event) => rules[event.aggregate_kind]?.(event) ?? true;
}

/**
 * Leads whose read model is ahead: it is kept, in a lower version, and the last event that the document knows is told again, which
 * writes the document's state over it. Without such an event in the trail it waits in the documents' outbox.
 */
async function leadsToTellAgain(
  { documents, later }: Moments,
  leads: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const select = 'SELECT lead_id AS id, version FROM lead_facts WHERE lead_id';
  const facts = await rowsById<LeadVersion>(later, select, [...leads.keys()]);
  const ahead = facts.flatMap(({ id, version: projected }) => {
    const version = leads.get(id) ?? 0;
    return projected > version ? [{ id, version }] : [];
  });
  const ids = await lastToldOf(later, ahead);
  const waiting = new Set((await documents.byIds<{ _id: string }>('outbox', ids, { _id: 1 })).map(({ _id }) => _id));
  return ids.filter((id) => !waiting.has(id));
}

/**
 * What the ledger told the documents, or was about to, since the earlier moment: each leaves an activity under its own id, so those
 * without one in the documents are told again. The later outbox holds the others.
 */
async function ledgerToTellAgain(moments: Moments, told: readonly ToldOf[]): Promise<readonly Retold[]> {
  const known = new Set<string>();
  const waited: string[] = [];
  for await (const page of ledgerOutbox(moments.earlier)) {
    for (const { id } of page) known.add(id);
    waited.push(
      ...(await unheard(
        moments,
        page.map(({ id, event }) => ({ id, leadId: aggregateOf(event) })),
      )),
    );
  }
  const since = told.filter(({ id, aggregate_kind }) => aggregate_kind === 'placement' && !known.has(id));
  const lost = await unheard(
    moments,
    since.map(({ id, aggregate_id }) => ({ id, leadId: aggregate_id })),
  );
  return [
    { home: 'ledger', from: 'outbox of the earlier moment', ids: waited },
    { home: 'ledger', from: 'trail of the later moment', ids: lost },
  ];
}

/** The ids of those events of the ledger that the documents have not heard, and that do not wait in the later outbox. */
async function unheard(
  { documents, later }: Moments,
  events: readonly { readonly id: string; readonly leadId: string }[],
): Promise<readonly string[]> {
  const left = new Set(events.map(({ id }) => id));
  for (const id of await waitingIds(later, [...left])) left.delete(id);
  const activityIds = events.flatMap(({ id, leadId }) => (left.has(id) ? [{ leadId, id }] : []));
  const heard = await documents.byIds<{ _id: { id: string } }>('leadActivities', activityIds, { _id: 1 });
  for (const { _id } of heard) left.delete(_id.id);
  return [...left];
}
