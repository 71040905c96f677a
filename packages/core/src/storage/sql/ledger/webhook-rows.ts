import type { Selectable } from 'kysely';
import type {
  NewDelivery,
  SealedSecret,
  StoredDelivery,
  StoredEndpoint,
  WebhookFailure,
} from '../../../crm/notify/webhooks/webhook-store.js';
import { readJson, writeJson } from '../json-text.js';
import type { WebhookDeliveriesTable, WebhookEndpointsTable } from '../tables-webhooks.js';

export type EndpointRow = Omit<Selectable<WebhookEndpointsTable>, 'format'>;
export type DeliveryRow = Omit<Selectable<WebhookDeliveriesTable>, 'format'>;

export const endpointColumns: readonly [keyof EndpointRow & string, ...(keyof EndpointRow & string)[]] = [
  'id',
  'url',
  'description',
  'event_types',
  'product_lines',
  'include',
  'status',
  'disabled_reason',
  'failing_since',
  'told_from',
  'secrets',
  'version',
  'created_at',
  'created_by',
  'updated_at',
] as const;

export const deliveryColumns: readonly [keyof DeliveryRow & string, ...(keyof DeliveryRow & string)[]] = [
  'id',
  'endpoint_id',
  'event_id',
  'event_type',
  'aggregate_kind',
  'aggregate_id',
  'payload',
  'made_at',
  'status',
  'at',
  'attempts',
  'fence',
  'delivered_status',
  'failures',
] as const;

export function endpointRowOf(endpoint: StoredEndpoint): EndpointRow {
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    event_types: writeJson(endpoint.eventTypes),
    product_lines: writeJson(endpoint.productLines),
    include: endpoint.include,
    status: endpoint.status,
    disabled_reason: endpoint.disabledReason,
    failing_since: endpoint.failingSince,
    told_from: endpoint.toldFrom,
    secrets: writeJson(endpoint.secrets),
    version: endpoint.version,
    created_at: endpoint.createdAt,
    created_by: endpoint.createdBy,
    updated_at: endpoint.updatedAt,
  };
}

export function endpointOf(row: EndpointRow): StoredEndpoint {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    eventTypes: readJson<readonly string[]>(row.event_types),
    productLines: readJson<readonly string[]>(row.product_lines),
    include: row.include,
    status: row.status,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since,
    toldFrom: row.told_from,
    secrets: readJson<readonly SealedSecret[]>(row.secrets),
    version: row.version,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
  };
}

/** The row of a delivery that is due at once. */
export function newDeliveryRowOf(delivery: NewDelivery): DeliveryRow {
  return {
    id: delivery.id,
    endpoint_id: delivery.endpointId,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    aggregate_kind: delivery.aggregate.kind,
    aggregate_id: delivery.aggregate.id,
    payload: delivery.payload,
    made_at: delivery.madeAt,
    status: 'waiting',
    at: delivery.madeAt,
    attempts: 0,
    fence: 0,
    delivered_status: null,
    failures: '[]',
  };
}

export function deliveryOf(row: DeliveryRow): StoredDelivery {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.event_type,
    aggregate: { kind: row.aggregate_kind, id: row.aggregate_id },
    payload: row.payload,
    madeAt: row.made_at,
    status: row.status,
    at: row.at,
    attempts: row.attempts,
    fence: row.fence,
    deliveredStatus: row.delivered_status,
    failures: readJson<readonly WebhookFailure[]>(row.failures),
  };
}
