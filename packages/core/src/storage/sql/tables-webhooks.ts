import type { Generated } from 'kysely';
import type {
  DeliveryStatus,
  DisabledReason,
  EndpointStatus,
  WebhookInclude,
} from '../../crm/notify/webhooks/webhook-store.js';
import type { ActorRef, Instant } from '../../foundation/kernel/index.js';

/** Who outside is told of events. */
export interface WebhookEndpointsTable {
  id: string;
  url: string;
  description: string;
  event_types: string;
  product_lines: string;
  include: WebhookInclude;
  status: EndpointStatus;
  disabled_reason: DisabledReason | null;
  failing_since: Instant | null;
  told_from: number;
  secrets: string;
  version: number;
  created_at: Instant;
  created_by: ActorRef;
  updated_at: Instant;
  format: Generated<number>;
}

/** An event that one endpoint is told of. */
export interface WebhookDeliveriesTable {
  id: string;
  endpoint_id: string;
  event_id: string;
  event_type: string;
  aggregate_kind: string;
  aggregate_id: string;
  payload: string;
  made_at: Instant;
  status: DeliveryStatus;
  at: Instant;
  attempts: number;
  fence: number;
  delivered_status: number | null;
  failures: string;
  format: Generated<number>;
}

/** Up to where events were handed to endpoints. */
export interface WebhookCursorsTable {
  name: string;
  position: number;
}
