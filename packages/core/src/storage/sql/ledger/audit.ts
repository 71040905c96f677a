import type { Selectable } from 'kysely';
import type { AuditQuery, AuditRow, AuditStore } from '../../../foundation/audit/audit-store.js';
import type { ActorVia, Json } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { readJson, readJsonOrNull, writeJson } from '../json-text.js';
import { runQuery } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import type { AuditTable } from '../tables.js';

export type AuditRowInTable = Omit<Selectable<AuditTable>, 'format'>;

/** The columns of the trail, but for its format. */
export const auditColumns = [
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
  let list = flavour.query.selectFrom('audit').select(auditColumns);
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

export function auditRowOf(row: AuditRowInTable): AuditRow {
  return {
    id: row.id,
    at: row.at,
    actor: row.actor,
    via: readJsonOrNull<ActorVia>(row.via),
    command: row.command,
    eventType: row.event_type,
    aggregate: { kind: row.aggregate_kind, id: row.aggregate_id, version: row.aggregate_version },
    correlationId: row.correlation_id,
    changes: readJson<Json>(row.changes),
    sealed: row.sealed,
    payloadHash: row.payload_hash,
    position: row.position,
    prevHash: row.prev_hash,
    chainHash: row.chain_hash,
  };
}
