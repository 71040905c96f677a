import type { ActorRef, Instant } from '../../../foundation/kernel/index.js';
import { secretsAt } from './endpoint-secrets.js';
import type {
  DeliveryStatus,
  DisabledReason,
  EndpointCounts,
  StoredDelivery,
  StoredEndpoint,
  WebhookFailure,
  WebhookInclude,
} from './webhook-store.js';

/** A receiver outside that is told of events. Its secrets are shown once, when they are made. */
export interface WebhookEndpoint {
  readonly id: string;
  /** Where it points; for actors whose role is masked `https://host/…`, as paths and queries may be secrets. */
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
  readonly productLines: readonly string[];
  readonly include: WebhookInclude;
  readonly status: 'active' | 'disabled';
  readonly disabledReason: DisabledReason | null;
  readonly failingSince: Instant | null;
  /** More than one while a rotation lasts. */
  readonly signingSecrets: number;
  /** Until when an older secret signs beside the newest; null when none does. */
  readonly overlapUntil: Instant | null;
  readonly version: number;
  readonly createdAt: Instant;
  readonly createdBy: ActorRef;
  readonly updatedAt: Instant;
}

/** An endpoint, and what is to be sent to it. */
export interface WebhookEndpointStanding extends WebhookEndpoint {
  readonly waiting: number;
  readonly dead: number;
}

/** An endpoint with the secret that was just made: nobody can read it again. */
export interface WebhookEndpointSecret {
  readonly endpoint: WebhookEndpoint;
  /** `whsec_...` */
  readonly secret: string;
}

/** An event that an endpoint was told of, or is to be. */
export interface WebhookDelivery {
  /** What the receiver sees as `webhook-id`. */
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly aggregate: { readonly kind: string; readonly id: string };
  readonly status: DeliveryStatus;
  /** While it waits: when it is tried next. Else: when it ended. */
  readonly at: Instant;
  readonly attempts: number;
  readonly deliveredStatus: number | null;
  /** The newest tries that failed, the oldest first; at most 20. */
  readonly failures: readonly WebhookFailure[];
  readonly madeAt: Instant;
}

export function endpointShown(
  { secrets, status, url, toldFrom: _toldFrom, ...endpoint }: StoredEndpoint,
  now: Instant,
  masked = false,
): WebhookEndpoint {
  const signing = secretsAt(secrets, now);
  const ends = signing.flatMap(({ until }) => until ?? []).sort();
  return {
    ...endpoint,
    url: masked ? `${new URL(url).origin}/…` : url,
    status: status === 'active' ? 'active' : 'disabled',
    signingSecrets: signing.length,
    overlapUntil: ends.at(-1) ?? null,
  };
}

export function standingShown(endpoint: WebhookEndpoint, counts: EndpointCounts | undefined): WebhookEndpointStanding {
  return { ...endpoint, waiting: counts?.waiting ?? 0, dead: counts?.dead ?? 0 };
}

export function deliveryShown({ payload: _payload, fence: _fence, ...delivery }: StoredDelivery): WebhookDelivery {
  return delivery;
}
