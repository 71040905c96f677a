import { factsShape, leadShape } from './raw-leads.js';
import { type RowOf, rowOf } from './raw-shape.js';

/** What is looked at of each part of a store beside its leads and facts: columns in camel case, SQL and MongoDB alike. */
const otherShapes = {
  /** Those that a lead has no room for, and what placements tell. */
  oldActivities: [{ leadId: 'text', id: 'text', type: 'text' }],
  uniqueKeys: [{ scope: 'text', rule: 'text', hash: 'text', holderId: 'text' }],
  /** Of each hash in unique keys and in the index: what the newest look-up key makes of it. */
  lookupHashes: [{ hash: 'text', newest: 'text' }],
  dataKeys: [{ kind: 'text', id: 'text', masterKeyId: 'text' }],
  storeKeys: [{ name: 'text', masterKeyId: 'text' }],
  counters: [{ series: 'text', last: 'whole' }],
  collaborators: [{ leadId: 'text', userId: 'text' }],
  stays: [{ leadId: 'text', sequence: 'whole', stage: 'text', enteredAt: 'text', exitedAt: 'textOrNull' }],
  index: [
    {
      leadId: 'text',
      field: 'text',
      ordinal: 'whole',
      numberValue: 'numberOrNull',
      textValue: 'textOrNull',
      hashValue: 'textOrNull',
    },
  ],
  /** Of boards: the totals, and the changes that are not yet part of them. */
  totals: [
    {
      productLine: 'text',
      presence: 'whole',
      stage: 'text',
      ownerId: 'text',
      partner: 'text',
      leads: 'whole',
      amountLakhs: 'whole',
      amountRest: 'whole',
    },
  ],
  moves: [{ eventId: 'text', leadId: 'text', fromStage: 'textOrNull', toStage: 'text', at: 'text' }],
  /** `ownerId` is the owner that the event names, if it does, `ended` how it says that something ended, `host` where who did it was. */
  audit: [
    {
      id: 'text',
      at: 'text',
      actor: 'text',
      command: 'text',
      eventType: 'text',
      aggregateKind: 'text',
      aggregateId: 'text',
      aggregateVersion: 'whole',
      correlationId: 'text',
      ownerId: 'textOrNull',
      refused: 'textOrNull',
      ended: 'textOrNull',
      host: 'textOrNull',
      position: 'wholeOrNull',
      prevHash: 'textOrNull',
      chainHash: 'textOrNull',
    },
  ],
  placements: [
    {
      id: 'text',
      leadId: 'text',
      holderId: 'text',
      status: 'text',
      version: 'whole',
      exclusiveLeadId: 'textOrNull',
    },
  ],
  /** What became of what events asked of the ledger. */
  stepOutcomes: [{ eventId: 'text', step: 'text', outcome: 'text', code: 'textOrNull' }],
  /** Calls to other systems: what for, and how they ended. */
  exchanges: [{ id: 'text', purpose: 'text', outcome: 'text' }],
  consents: [{ id: 'text', subjectId: 'text', purpose: 'text', version: 'whole' }],
  contactBlocks: [{ id: 'text', subjectId: 'text', phoneHash: 'textOrNull', channel: 'text', version: 'whole' }],
  consentWordings: [{ id: 'text', purpose: 'text', language: 'text', version: 'whole' }],
  consumers: [{ name: 'text', id: 'text', status: 'text', position: 'whole', attempts: 'whole' }],
  schedules: [{ name: 'text', lastJob: 'textOrNull', version: 'whole' }],
  timers: [{ timerKey: 'text', id: 'text', dueAt: 'text', attempts: 'whole', calendarVersion: 'wholeOrNull' }],
  calendars: [{ id: 'text', slug: 'text', version: 'whole' }],
  noticeBooks: [{ version: 'whole', book: 'text' }],
  notifications: [{ id: 'text', leadId: 'text', status: 'text' }],
  inboxNotices: [{ userId: 'text', id: 'text', leadId: 'text', readAt: 'textOrNull' }],
  noticePreferences: [{ userId: 'text', version: 'whole' }],
  webhookEndpoints: [{ id: 'text', description: 'text', status: 'text', version: 'whole' }],
  webhookDeliveries: [{ id: 'text', endpointId: 'text', status: 'text', attempts: 'whole', fence: 'whole' }],
  jobs: [
    {
      id: 'text',
      kind: 'text',
      status: 'text',
      payload: 'text',
      dedupeKey: 'textOrNull',
      activeKey: 'textOrNull',
      attempts: 'whole',
      maxAttempts: 'whole',
      fence: 'whole',
      leaseHolder: 'textOrNull',
      lastError: 'textOrNull',
    },
  ],
  outbox: [{ home: 'text', id: 'text', type: 'text', attempts: 'whole', stuck: 'flag' }],
  commands: [{ scope: 'text', key: 'text', aggregateKind: 'text', aggregateId: 'text', version: 'whole' }],
  users: [{ id: 'text', version: 'whole', active: 'flag', teams: 'texts', roles: 'texts' }],
  userTeams: [{ userId: 'text', team: 'text' }],
  userRoles: [{ userId: 'text', role: 'text' }],
  lines: [{ slug: 'text', revision: 'whole', schemaVersion: 'whole', pipelineVersion: 'whole' }],
  definitions: [{ productLine: 'text', part: 'text', version: 'whole', body: 'text' }],
  drafts: [{ productLine: 'text', baseRevision: 'whole', definition: 'text' }],
  mappings: [{ id: 'text', productLine: 'text', name: 'text', version: 'whole', document: 'text' }],
  runs: [
    {
      id: 'text',
      productLine: 'text',
      fileName: 'text',
      status: 'text',
      version: 'whole',
      rowsRead: 'whole',
      created: 'whole',
      updated: 'whole',
      duplicates: 'whole',
      rejected: 'whole',
    },
  ],
  /** Which rows of a batch are taken, by which run, and the numbers of the leads that they made or updated. */
  receipts: [
    {
      source: 'text',
      batch: 'whole',
      version: 'whole',
      taken: [{ run: 'text', firstRow: 'whole', count: 'whole', numberMonth: 'text', firstNumberSeq: 'whole' }],
    },
  ],
} as const;

export type RawLead = RowOf<typeof leadShape>;

/** Everything a store keeps that the invariants speak of, as it stands in tables and collections, read past all of LMS. */
export interface RawState extends RowOf<typeof otherShapes> {
  readonly leads: readonly RawLead[];
  readonly facts: readonly RowOf<typeof factsShape>[];
}

/** Rows of each part as the engine gave them. */
export type RawRows = { readonly [Part in keyof RawState]: readonly object[] };

/** @throws Error when a row is not as the shape says */
export function rawStateOf(rows: RawRows): RawState {
  return {
    ...rowOf(otherShapes, rows, 'the store'),
    leads: rows.leads.map((row) => rowOf(leadShape, row, 'a lead')),
    facts: rows.facts.map((row) => rowOf(factsShape, row, 'a row of facts')),
  };
}
