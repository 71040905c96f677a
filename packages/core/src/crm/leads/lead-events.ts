import type { Principal } from '../../foundation/access/index.js';
import type { Json } from '../../foundation/kernel/index.js';
import type { EventDraft } from '../../foundation/persistence/index.js';
import type { FieldValue, FieldValues, LineSchema } from '../fields/index.js';
import type { MoveData } from './lead-projections.js';
import type { StoredLead } from './lead-store.js';
import { maskValues } from './lead-view.js';

/** What happens to leads. */
export type LeadEventType =
  | 'lead.created'
  | 'lead.updated'
  | 'lead.stage_changed'
  | 'lead.task_completed'
  | 'lead.activity_added'
  | 'lead.deleted'
  | 'lead.restored'
  | 'lead.erased';

/** What a change of a lead tells the trail, besides who and when. */
export interface LeadChangeEvent {
  readonly type: LeadEventType;
  readonly command: string;
  /** Without personal data in the clear. */
  readonly data: Json;
  /** What was personal about it, sealed; null when nothing was. */
  readonly sealed: string | null;
}

export function leadEvent(lead: StoredLead, principal: Principal, event: LeadChangeEvent): EventDraft {
  return {
    type: event.type,
    typeVersion: 1,
    aggregate: { kind: 'lead', id: lead.id, version: lead.version },
    actor: principal.actor,
    command: event.command,
    data: event.data,
    sealed: event.sealed,
  };
}

/**
 * The event of a new lead. Its personal values travel in the lead's own envelope.
 * @param shown its values, as {@link shownValues} gives them
 */
export function createdEvent(lead: StoredLead, shown: Json, principal: Principal): EventDraft {
  const move: MoveData = {
    productLine: lead.productLine,
    pipelineVersion: lead.pipelineVersion,
    from: null,
    to: lead.stage,
  };
  return leadEvent(lead, principal, {
    type: 'lead.created',
    command: 'leads.create',
    data: {
      ...move,
      number: lead.number,
      schemaVersion: lead.schemaVersion,
      source: lead.source,
      channel: lead.channel,
      campaign: lead.campaign,
      ownerId: lead.ownerId,
      fields: shown,
    },
    sealed: lead.sealed,
  });
}

/** Values for the trail: clear where harmless, masked where personal. */
export function shownValues(schema: LineSchema, values: FieldValues): Json {
  return Object.fromEntries(
    Object.entries(maskValues(schema, values)).map(([key, value]) => [key, jsonOfValue(value)]),
  );
}

function jsonOfValue(value: FieldValue): Json {
  if (typeof value !== 'object') return value;
  return isList(value) ? value : Object.fromEntries(Object.entries(value));
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
