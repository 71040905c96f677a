import { hash } from 'node:crypto';
import { canonicalJson, type DomainEvent, type Json, LmsError } from '../kernel/index.js';
import type { AuditPayload, AuditRow } from './audit-store.js';

/** The row of the trail that an event leaves. The same event gives the same row, so it can be written again. */
export function auditRowOf(event: DomainEvent): AuditRow {
  const payload: AuditPayload = {
    id: event.id,
    at: event.at,
    actor: event.actor,
    via: event.via,
    command: event.command,
    eventType: event.type,
    aggregate: { kind: event.aggregate.kind, id: event.aggregate.id, version: event.aggregate.version },
    correlationId: event.correlationId,
    changes: event.data,
    sealed: event.sealed,
  };
  return { ...payload, payloadHash: payloadHashOf(payload), position: null, prevHash: null, chainHash: null };
}

/**
 * SHA-256, as 64 hexadecimal digits, over the RFC 8785 JSON of the row as stored: the keys of {@link AuditPayload} and no
 * others. Verifying a stored row recomputes it.
 */
export function payloadHashOf(row: AuditPayload): string {
  return hash('sha256', canonicalJson(payloadJson(row)), 'hex');
}

/** The text that the hash of a stored row covers; null where somebody else has written what JSON cannot hold. */
export function payloadTextOf(row: AuditPayload): string | null {
  try {
    return canonicalJson(payloadJson(row));
  } catch (error) {
    if (LmsError.isInstance(error) && error.code === 'VALUE_NOT_STORABLE') return null;
    throw error;
  }
}

/** The row as JSON, as its hash covers it. */
function payloadJson(row: AuditPayload): Json {
  return {
    id: row.id,
    at: row.at,
    actor: row.actor,
    via: row.via === null ? null : { host: row.via.host, operatingSystemUser: row.via.operatingSystemUser },
    command: row.command,
    eventType: row.eventType,
    aggregate: { kind: row.aggregate.kind, id: row.aggregate.id, version: row.aggregate.version },
    correlationId: row.correlationId,
    changes: row.changes,
    sealed: row.sealed,
  };
}
