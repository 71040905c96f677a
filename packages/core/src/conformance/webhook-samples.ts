import type {
  DeliveryOutcome,
  NewDelivery,
  StoredDelivery,
  StoredEndpoint,
  WebhookFailure,
} from '../crm/notify/webhooks/webhook-store.js';
import type { Instant } from '../foundation/kernel/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit } from './together.js';

export const now: Instant = instantAfter(60_000);
export const leaseUntil: Instant = instantAfter(120_000);
export const longAfter: Instant = instantAfter(3_600_000);
export const failure: WebhookFailure = { at: now, status: 500, code: null, durationMillis: 12 };

function sampleEndpoint(context: ConformanceContext, change: Partial<StoredEndpoint> = {}): StoredEndpoint {
  return {
    id: context.ids.next<'webhook'>(),
    url: 'https://hooks.example/संख्या?token=1',
    description: 'of a case',
    eventTypes: ['lead.*'],
    productLines: ['personal-loan'],
    include: 'masked',
    status: 'active',
    disabledReason: null,
    failingSince: null,
    toldFrom: 12,
    secrets: [
      { sealed: 'bmV3', madeAt: instantAfter(5), until: null },
      { sealed: 'b2xk', madeAt: instantAfter(0), until: instantAfter(9) },
    ],
    version: 1,
    createdAt: instantAfter(0),
    createdBy: 'user:asha',
    updatedAt: instantAfter(5),
    ...change,
  };
}

export function sampleDelivery(
  context: ConformanceContext,
  endpointId: string,
  change: Partial<NewDelivery> = {},
): NewDelivery {
  return {
    id: context.ids.next<'webhook-message'>(),
    endpointId,
    eventId: context.ids.next<'event'>(),
    eventType: 'lead.created',
    aggregate: { kind: 'lead', id: context.ids.next<'lead'>() },
    payload: '{"type": "lead.created", "note": "संख्या"}',
    madeAt: instantAfter(0),
    ...change,
  };
}

export function fresh(delivery: NewDelivery): StoredDelivery {
  return {
    ...delivery,
    status: 'waiting',
    at: delivery.madeAt,
    attempts: 0,
    fence: 0,
    deliveredStatus: null,
    failures: [],
  };
}

/** An endpoint with so many deliveries that are due. */
export async function withDue(
  context: ConformanceContext,
  count: number,
  change: Partial<StoredEndpoint> = {},
): Promise<{ readonly endpoint: StoredEndpoint; readonly deliveries: readonly NewDelivery[] }> {
  const endpoint = sampleEndpoint(context, change);
  const deliveries = Array.from({ length: count }, (_, at) =>
    sampleDelivery(context, endpoint.id, { madeAt: instantAfter(at) }),
  );
  await inUnit(context.storage, 'ledger', async (unit) => {
    await context.storage.webhooks.insertEndpoint(unit, endpoint);
    await context.storage.webhooks.insertDeliveries(unit, deliveries);
  });
  return { endpoint, deliveries };
}

export function claim(
  storage: Storage,
  endpointId: string,
  limit: number,
  lease: { readonly now: Instant; readonly leaseUntil: Instant } = { now, leaseUntil },
): Promise<readonly StoredDelivery[]> {
  return inUnit(storage, 'ledger', (unit) => storage.webhooks.claim(unit, [{ endpointId, limit }], lease));
}

export function end(
  storage: Storage,
  { endpointId, id, fence }: StoredDelivery,
  outcome: DeliveryOutcome,
): Promise<ReadonlySet<string>> {
  return inUnit(storage, 'ledger', (unit) => storage.webhooks.end(unit, [{ endpointId, id, fence, outcome }], now));
}

export function idsOf(deliveries: readonly { readonly id: string }[]): readonly string[] {
  return deliveries.map(({ id }) => id);
}
