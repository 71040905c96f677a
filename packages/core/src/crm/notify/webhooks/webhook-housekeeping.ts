import { type Clock, type Instant, toInstant } from '../../../foundation/kernel/index.js';
import { trimInRounds, type UnitOfWork } from '../../../foundation/persistence/index.js';
import type { CheckedWebhookSettings } from './webhook-settings.js';
import { type DeliveryStatus, deliveryStatuses, type StoredEndpoint, type WebhookStore } from './webhook-store.js';

const dayMillis = 86_400_000;
/** After every `at`, also of a clock that was ahead. */
const always: Instant = '9999-12-31T00:00:00.000Z';

/**
 * Forgets deliveries that ended long ago, what has waited as long for an endpoint that is disabled, and endpoints that were removed; at most
 * 10,000 of each endpoint and status. @returns how many deliveries
 */
export async function trimWebhooks(
  { webhooks, unitOfWork }: { readonly webhooks: WebhookStore; readonly unitOfWork: UnitOfWork },
  { keptDays, deadKeptDays }: Pick<CheckedWebhookSettings, 'keptDays' | 'deadKeptDays'>,
  clock: Clock,
): Promise<number> {
  const daysAgo = (days: number): Instant => toInstant(clock.now() - days * dayMillis);
  const kept = {
    delivered: daysAgo(keptDays),
    dead: daysAgo(deadKeptDays),
    dismissed: daysAgo(deadKeptDays),
    waiting: daysAgo(deadKeptDays),
  };
  let trimmed = 0;
  for (const endpoint of await webhooks.endpoints(null)) {
    for (const status of statusesToTrim(endpoint)) {
      const before = endpoint.status === 'removed' ? always : kept[status];
      trimmed += await trimInRounds((limit) => webhooks.trim(endpoint.id, status, before, limit));
    }
    if (endpoint.status === 'removed') {
      await unitOfWork.run('ledger', (unit) => webhooks.forgetEndpoint(unit, endpoint.id));
    }
  }
  return trimmed;
}

/** What waits for an active endpoint is never forgotten. */
function statusesToTrim({ status }: StoredEndpoint): readonly DeliveryStatus[] {
  return status === 'active' ? ['delivered', 'dead', 'dismissed'] : deliveryStatuses;
}
