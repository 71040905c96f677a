import { type AliasedRawBuilder, type Selectable, sql } from 'kysely';
import type { AuditQuery, AuditRow, AuditStore } from '../../../foundation/audit/audit-store.js';
import type { ActorVia, Json } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { readJson, readJsonOrNull, writeJson } from '../json-text.js';
import { runQuery } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import type { AuditTable } from '../tables.js';

export type AuditRowInTable = Omit<Selectable<AuditTable>, 'format'>;

/** A row as it is read. Its two numbers are text, as somebody else may have written such that are none here. */
export interface AuditRowRead extends Omit<AuditRowInTable, 'aggregate_version' | 'position'> {
  readonly version_text: string;
  readonly position_text: string | null;
}

/** The columns of the trail, but for its format. */
const auditColumns = [
  'id',
  'at',
  'actor',
  'via',
  'command',
  'event_type',
  'aggregate_kind',
  'aggregate_id',
  'aggregate_version',
  'correlation_id',
  'changes',
  'sealed',
  'payload_hash',
  'position',
  'prev_hash',
  'chain_hash',
] as const;

/** The version of what a row is about, as text: {@link AuditRowRead}. */
export const versionText: AliasedRawBuilder<string, 'version_text'> = sql<string>`cast(aggregate_version as char)`.as(
  'version_text',
);

type ReadColumn =
  | Exclude<(typeof auditColumns)[number], 'aggregate_version' | 'position'>
  | typeof versionText
  | AliasedRawBuilder<string | null, 'position_text'>;

/** What {@link auditRowOf} reads. */
export const readColumns: readonly ReadColumn[] = [
  ...auditColumns.filter((column) => column !== 'aggregate_version' && column !== 'position'),
  versionText,
  sql<string | null>`cast(position as char)`.as('position_text'),
];

export function auditStore(context: SqlContext): AuditStore {
  const audit = inserter(context.flavour, 'audit', auditColumns);
  return {
    async insert(unit, rows) {
      await audit.insertKeepingExisting(connectionOf(unit, 'ledger'), rows.map(rowInTable));
    },
    async list(wanted) {
      // One aggregate's rows are few; every other list may pass over most of the trail.
      const reader = wanted.aggregateId === undefined ? context.scanner : context.reader;
      const { rows } = await runQuery(reader, listQuery(context, wanted));
      return rows.map(auditRowOf);
    },
  };
}

function listQuery({ flavour }: SqlContext, wanted: AuditQuery) {
  let list = flavour.query.selectFrom('audit').select(readColumns);
  if (wanted.aggregateKind !== undefined) list = list.where('aggregate_kind', '=', wanted.aggregateKind);
  if (wanted.aggregateId !== undefined) list = list.where('aggregate_id', '=', wanted.aggregateId);
  if (wanted.actor !== undefined) list = list.where('actor', '=', wanted.actor);
  if (wanted.eventType !== undefined) list = list.where('event_type', '=', wanted.eventType);
  if (wanted.from !== undefined) list = list.where('at', '>=', wanted.from);
  if (wanted.to !== undefined) list = list.where('at', '<', wanted.to);
  if (wanted.after !== undefined) list = list.where('id', '<', wanted.after);
  return list.orderBy('id', 'desc').limit(wanted.limit);
}

/** The columns of a row of the trail, but for its format. */
export function rowInTable(row: AuditRow): AuditRowInTable {
  return {
    id: row.id,
    at: row.at,
    actor: row.actor,
    via: row.via && writeJson(row.via),
    command: row.command,
    event_type: row.eventType,
    aggregate_kind: row.aggregate.kind,
    aggregate_id: row.aggregate.id,
    aggregate_version: row.aggregate.version,
    correlation_id: row.correlationId,
    changes: writeJson(row.changes),
    sealed: row.sealed,
    payload_hash: row.payloadHash,
    position: row.position,
    prev_hash: row.prevHash,
    chain_hash: row.chainHash,
  };
}

/** Numbers beyond 2^53 are about those that are stored. */
export function auditRowOf(row: AuditRowRead): AuditRow {
  return {
    id: row.id,
    at: row.at,
    actor: row.actor,
    via: viaOf(row.via),
    command: row.command,
    eventType: row.event_type,
    aggregate: { kind: row.aggregate_kind, id: row.aggregate_id, version: Number(row.version_text) },
    correlationId: row.correlation_id,
    changes: readJson<Json>(row.changes),
    sealed: row.sealed,
    payloadHash: row.payload_hash,
    position: row.position_text === null ? null : Number(row.position_text),
    prevHash: row.prev_hash,
    chainHash: row.chain_hash,
  };
}

/** What its hash covers, and nothing that somebody may have written beside it. */
function viaOf(text: string | null): ActorVia | null {
  const via = readJsonOrNull<ActorVia>(text);
  return via && { host: via.host, operatingSystemUser: via.operatingSystemUser };
}
