import type { ActorRef, Instant } from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';

/** What an endpoint is told of an event: ids alone, or also what the trail shows, personal values masked. */
export type WebhookInclude = 'ids' | 'masked';

/** A removed endpoint is there only until its deliveries are forgotten. */
export type EndpointStatus = 'active' | 'disabled' | 'removed';

/** Why nothing is sent: somebody said so; it answered 410; it failed for days. */
export type DisabledReason = 'by-hand' | 'gone' | 'failing';

/** A secret of an endpoint, sealed under a key of the store. */
export interface SealedSecret {
  readonly sealed: string;
  readonly madeAt: Instant;
  /** Until when it signs beside a newer one; null for the newest. */
  readonly until: Instant | null;
}

export interface StoredEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  /** `lead.created`, `lead.*` or `*`. */
  readonly eventTypes: readonly string[];
  /** Only leads of these lines; empty: every event. */
  readonly productLines: readonly string[];
  readonly include: WebhookInclude;
  readonly status: EndpointStatus;
  /** Null unless disabled. */
  readonly disabledReason: DisabledReason | null;
  /** Of the first failure after the last success; null while it works. */
  readonly failingSince: Instant | null;
  /** It is told of what stands behind this position of the feed, which was its end when the endpoint was added or enabled. */
  readonly toldFrom: number;
  /** The newest first. */
  readonly secrets: readonly SealedSecret[];
  readonly version: number;
  readonly createdAt: Instant;
  readonly createdBy: ActorRef;
  readonly updatedAt: Instant;
}

/** Waiting deliveries are sent when they are due; dead ones were tried as often as they may be; of them, somebody let those be that are dismissed. */
export type DeliveryStatus = 'waiting' | 'delivered' | 'dead' | 'dismissed';

export const deliveryStatuses: readonly DeliveryStatus[] = ['waiting', 'delivered', 'dead', 'dismissed'];

/** One try that failed: a status of HTTP, or the code of an error where no answer came. */
export interface WebhookFailure {
  readonly at: Instant;
  readonly status: number | null;
  readonly code: string | null;
  readonly durationMillis: number;
}

/** An event that one endpoint is to be told of. */
export interface NewDelivery {
  /** What the receiver sees as `webhook-id`, in every try. */
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly aggregate: { readonly kind: string; readonly id: string };
  /** The body, as JSON; no personal data in the clear. */
  readonly payload: string;
  readonly madeAt: Instant;
}

export interface StoredDelivery extends NewDelivery {
  readonly status: DeliveryStatus;
  /** While it waits: when it is due, or until when somebody has it in hand. Else: when it ended. */
  readonly at: Instant;
  /** Claims, or since it was last replayed by hand. */
  readonly attempts: number;
  /** Grows with every claim, replay, and try that failed or was given back. Whoever has a smaller number has lost it. */
  readonly fence: number;
  /** Of the answer by which it was delivered. */
  readonly deliveredStatus: number | null;
  /** The newest tries that failed, the oldest first; at most {@link mostFailuresKept}. */
  readonly failures: readonly WebhookFailure[];
}

export const mostFailuresKept = 20;

export interface DeliveryClaim {
  readonly endpointId: string;
  /** 1 to 500. */
  readonly limit: number;
}

/** Dead deliveries of an endpoint that ended from `since` on; at most `limit`, the oldest first. */
export interface DeadDeliveries {
  readonly endpointId: string;
  readonly since: Instant;
  readonly limit: number;
}

/** How a try ended. */
export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly status: number }
  /** Due again then. */
  | { readonly kind: 'again'; readonly at: Instant; readonly failures: readonly WebhookFailure[] }
  | { readonly kind: 'dead'; readonly failures: readonly WebhookFailure[] }
  /** Given back before it was sent; the claim does not count as an attempt. */
  | { readonly kind: 'released'; readonly at: Instant };

export interface DeliveryEnding {
  readonly endpointId: string;
  readonly id: string;
  /** Of the claim. */
  readonly fence: number;
  readonly outcome: DeliveryOutcome;
}

export interface DeliveryQuery {
  readonly endpointId: string;
  readonly status: DeliveryStatus;
  /** Those behind this one. */
  readonly after?: { readonly at: Instant; readonly id: string };
  readonly limit: number;
}

export interface EndpointCounts {
  readonly endpointId: string;
  readonly waiting: number;
  readonly dead: number;
  /** Of the waiting deliveries, the earliest `at`. */
  readonly oldestAt: Instant | null;
}

/**
 * Lives in the ledger: who is told of what, and how far.
 *
 * MUST: one delivery an endpoint and event. At any moment at most one claim of a delivery holds, the one with its newest fence: through any
 * other nothing is ended, and none ends it twice.
 */
export interface WebhookStore {
  insertEndpoint(unit: Unit, endpoint: StoredEndpoint): Promise<void>;
  /** Writes the whole endpoint, read in this unit. */
  updateEndpoint(unit: Unit, endpoint: StoredEndpoint): Promise<void>;
  /** One endpoint, removed or not, locked for this unit where the engine locks rows. */
  endpoint(unit: Unit | null, id: string): Promise<StoredEndpoint | null>;
  /** All of them, also those that are removed and not forgotten yet; by id. Their number is limited by whoever adds them. */
  endpoints(unit: Unit | null): Promise<readonly StoredEndpoint[]>;
  /** Forgets a removed endpoint that has no deliveries. False where it has some, or is not removed. */
  forgetEndpoint(unit: Unit, id: string): Promise<boolean>;
  /** Remembers since when it fails, unless it failed already; or, with null, that it works. */
  markFailing(unit: Unit, id: string, since: Instant | null): Promise<void>;

  /** The position up to which events were handed to endpoints; null before any endpoint was added. */
  position(): Promise<number | null>;
  /**
   * The same, which nobody else reads in a unit or changes until this unit ends.
   * @param first what it is where it is not there yet
   */
  lockPosition(unit: Unit, first: number): Promise<number>;
  savePosition(unit: Unit, position: number): Promise<void>;

  /** Deliveries that are due at once, with their `madeAt`; one whose endpoint and event are there already is left as it is. */
  insertDeliveries(unit: Unit, deliveries: readonly NewDelivery[]): Promise<void>;
  /** Active endpoints that have a delivery that is due. */
  dueEndpoints(now: Instant): Promise<readonly StoredEndpoint[]>;
  /**
   * Takes due deliveries, of each endpoint those that are due longest: until `leaseUntil` they are nobody else's, with one more attempt
   * and the next fence. MUST: units that claim at once neither get the same delivery nor wait for one another's.
   */
  claim(
    unit: Unit,
    claims: readonly DeliveryClaim[],
    lease: { readonly now: Instant; readonly leaseUntil: Instant },
  ): Promise<readonly StoredDelivery[]>;
  /** Ends claims. @returns ids of those that still held, and only they were ended */
  end(unit: Unit, endings: readonly DeliveryEnding[], now: Instant): Promise<ReadonlySet<string>>;
  delivery(id: string): Promise<StoredDelivery | null>;
  /** The latest `at` first. */
  deliveries(query: DeliveryQuery): Promise<readonly StoredDelivery[]>;
  /** Makes one due now with all its attempts, whatever became of it; claims of it are lost. False where it is not there. */
  replay(unit: Unit, delivery: { readonly endpointId: string; readonly id: string }, now: Instant): Promise<boolean>;
  /** The same for dead deliveries. @returns how many */
  replayDead(unit: Unit, dead: DeadDeliveries, now: Instant): Promise<number>;
  /** Dismisses a dead delivery, which keeps what it says of its tries. False where it is not there, or not dead. */
  dismiss(unit: Unit, delivery: { readonly endpointId: string; readonly id: string }): Promise<boolean>;
  /** The same for dead deliveries. @returns how many */
  dismissDead(unit: Unit, dead: DeadDeliveries): Promise<number>;
  counts(): Promise<readonly EndpointCounts[]>;
  /** Forgets at most `limit` deliveries of an endpoint whose `at` is before `before`. @returns how many */
  trim(endpointId: string, status: DeliveryStatus, before: Instant, limit: number): Promise<number>;
}
