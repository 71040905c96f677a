import type { WebhookStore } from '../../../crm/notify/webhooks/webhook-store.js';
import type { SqlContext } from '../sql-unit.js';
import { webhookDeliveries } from './webhook-deliveries.js';
import { webhookEndpoints } from './webhook-endpoints.js';

export function webhookStore(context: SqlContext): WebhookStore {
  return { ...webhookEndpoints(context), ...webhookDeliveries(context) };
}
