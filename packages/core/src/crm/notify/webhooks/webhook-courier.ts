import {
  type Clock,
  type Instant,
  instantNow,
  LmsError,
  type RandomSource,
  systemActor,
  toInstant,
} from '../../../foundation/kernel/index.js';
import type { SentOnce, SingleSender } from '../../../foundation/outbound/index.js';
import type { EventRecorder, Unit, UnitOfWork } from '../../../foundation/persistence/index.js';
import { type DeliveryDecision, decideDelivery } from './delivery-decision.js';
import { endpointEvent } from './endpoint-event.js';
import type { EndpointSecrets } from './endpoint-secrets.js';
import { leadOf } from './lead-lines.js';
import { hasChanges, withoutChanges } from './webhook-payload.js';
import type { CheckedWebhookSettings } from './webhook-settings.js';
import { webhookHeaders } from './webhook-signature.js';
import type {
  DeliveryClaim,
  DeliveryEnding,
  DisabledReason,
  StoredDelivery,
  StoredEndpoint,
  WebhookStore,
} from './webhook-store.js';

export interface WebhookCourierPorts {
  readonly webhooks: WebhookStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly sender: SingleSender;
  readonly secrets: EndpointSecrets;
  /** Which of these leads were erased. */
  readonly erased: (leadIds: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** What has been sent so far. */
export interface CourierReport {
  readonly delivered: number;
  /** Tries that failed, whether or not there will be another. */
  readonly failed: number;
}

/** A delivery that was claimed, and how its try ended. */
interface Ended {
  readonly delivery: StoredDelivery;
  readonly endpoint: StoredEndpoint;
  readonly decision: DeliveryDecision;
}

const dayMillis = 86_400_000;
const mostClaimed = 500;
/** Beyond the time that a try may take. */
const leaseReserveMillis = 60_000;
/** Until a receiver that is left alone is looked at again. */
const leftAloneMillis = 30_000;
const courierActor = systemActor('webhooks');

/**
 * Sends what is due. One turn is one commit: what was answered since the turn before is ended, and what is due is claimed; so hundreds
 * of deliveries share it. A claim holds for the time of a try and a minute; what a process that died had in hand is sent again then, under
 * the same id.
 *
 * Each endpoint has a share of the places, so one that hangs takes no more than its own; one that keeps failing is left alone for half a
 * minute at a time.
 */
export class WebhookCourier {
  readonly #ports: WebhookCourierPorts;
  readonly #settings: CheckedWebhookSettings;
  readonly #inHand = new Map<string, number>();
  readonly #sending = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #ended: Ended[] = [];
  #delivered = 0;
  #failed = 0;
  #onEnded: () => void = () => undefined;

  constructor(ports: WebhookCourierPorts, settings: CheckedWebhookSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  get report(): CourierReport {
    return { delivered: this.#delivered, failed: this.#failed };
  }

  /** Nothing is in hand, and nothing waits to be written down. */
  get isIdle(): boolean {
    return this.#sending.size === 0 && this.#ended.length === 0;
  }

  /** Calls back whenever a try has ended, which the next turn writes down. */
  onEnded(listener: () => void): void {
    this.#onEnded = listener;
  }

  /** Ends what is being sent; it is due again at once. */
  abort(): void {
    this.#abort.abort();
  }

  /** When a try has ended, or none is under way. */
  async next(): Promise<void> {
    if (this.#ended.length === 0 && this.#sending.size > 0) await Promise.race(this.#sending);
  }

  /** When none is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#sending);
  }

  /**
   * Writes down what has ended, and claims and begins to send at most `limit` deliveries. What cannot be written down is written with the
   * next turn.
   * @returns how many were begun
   * @throws LmsError `STORE_*`
   */
  async turn(limit: number = Number.POSITIVE_INFINITY): Promise<number> {
    const { webhooks, unitOfWork, clock } = this.#ports;
    const due = limit > 0 ? await this.#due(limit) : [];
    const ended = this.#ended;
    if (due.length === 0 && ended.length === 0) return 0;
    this.#ended = [];
    const now = instantNow(clock);
    const leaseUntil = toInstant(clock.now() + this.#settings.target.timeouts.totalMillis + leaseReserveMillis);
    const claims = due.map(({ claim }) => claim);
    const { held, taken } = await unitOfWork
      .run('ledger', async (unit) => ({
        held: await this.#end(unit, ended, now),
        taken: claims.length === 0 ? [] : await webhooks.claim(unit, claims, { now, leaseUntil }),
      }))
      .catch((error: unknown) => {
        this.#ended = [...ended, ...this.#ended];
        throw error;
      });
    this.#count(ended, held);
    await this.#begin(taken, new Map(due.map(({ endpoint }) => [endpoint.id, endpoint])));
    return taken.length;
  }

  /** What may be claimed of whom: each endpoint with something due has an equal share of the free places. */
  async #due(limit: number): Promise<readonly { readonly claim: DeliveryClaim; readonly endpoint: StoredEndpoint }[]> {
    const { webhooks, sender, clock } = this.#ports;
    const free = Math.min(limit, mostClaimed, this.#settings.concurrency - this.#sending.size);
    if (free < 1) return [];
    const due = (await webhooks.dueEndpoints(instantNow(clock))).flatMap((endpoint) => {
      const room = Math.min(sender.room(endpoint.id), this.#settings.endpointConcurrency);
      const places = room - (this.#inHand.get(endpoint.id) ?? 0);
      return places < 1 ? [] : [{ endpoint, places }];
    });
    const share = Math.max(1, Math.floor(free / Math.max(1, due.length)));
    return due.slice(0, free).map(({ endpoint, places }) => ({
      endpoint,
      claim: { endpointId: endpoint.id, limit: Math.min(places, share) },
    }));
  }

  async #begin(taken: readonly StoredDelivery[], endpoints: ReadonlyMap<string, StoredEndpoint>): Promise<void> {
    if (taken.length === 0) return;
    const leads = await this.#erasedOf(taken);
    for (const delivery of taken) {
      const endpoint = endpoints.get(delivery.endpointId);
      if (endpoint !== undefined) this.#start(delivery, endpoint, leads);
    }
  }

  #start(delivery: StoredDelivery, endpoint: StoredEndpoint, leads: ErasedLeads): void {
    const { id } = endpoint;
    this.#inHand.set(id, (this.#inHand.get(id) ?? 0) + 1);
    const sending: Promise<void> = this.#decided(delivery, endpoint, leads).then((decision) => {
      this.#sending.delete(sending);
      const left = (this.#inHand.get(id) ?? 1) - 1;
      if (left === 0) this.#inHand.delete(id);
      else this.#inHand.set(id, left);
      this.#ended.push({ delivery, endpoint, decision });
      this.#onEnded();
    });
    this.#sending.add(sending);
  }

  /** Of people who were erased, what was masked is not sent either. */
  async #erasedOf(taken: readonly StoredDelivery[]): Promise<ErasedLeads> {
    const leads = taken.flatMap(({ payload, aggregate }) => (hasChanges(payload) ? (leadOf(aggregate) ?? []) : []));
    if (leads.length === 0) return { erased: new Set() };
    try {
      return { erased: await this.#ports.erased(leads) };
    } catch (error) {
      if (!LmsError.isInstance(error)) throw error;
      return { erased: null };
    }
  }

  async #decided(
    delivery: StoredDelivery,
    endpoint: StoredEndpoint,
    { erased }: ErasedLeads,
  ): Promise<DeliveryDecision> {
    const { clock, random } = this.#ports;
    const isWhole = !hasChanges(delivery.payload);
    if (erased === null && !isWhole) return this.#givenBack(leftAloneMillis);
    const isErased = erased?.has(leadOf(delivery.aggregate) ?? '') === true;
    const sent = await this.#sent(delivery, endpoint, isErased ? withoutChanges(delivery.payload) : delivery.payload);
    if (sent === null) return this.#givenBack(leftAloneMillis);
    if (this.#abort.signal.aborted && sent.status === null) return this.#givenBack(0);
    return decideDelivery(delivery, sent, { now: clock.now(), random });
  }

  async #sent({ id }: StoredDelivery, endpoint: StoredEndpoint, body: string): Promise<SentOnce | null> {
    const { clock, secrets, sender } = this.#ports;
    const timestamp = Math.floor(clock.now() / 1_000);
    let signing: readonly string[];
    try {
      signing = await secrets.signing(endpoint, instantNow(clock));
    } catch (error) {
      if (!LmsError.isInstance(error)) throw error;
      // A store that is away says nothing of the receiver; a secret that does not open is written down as what stopped it.
      return error.retryable ? null : { status: null, code: error.code, retryAfterMillis: null, durationMillis: 0 };
    }
    const headers = webhookHeaders({ id, timestamp, body }, signing);
    const { signal } = this.#abort;
    return sender.send({ receiver: endpoint.id, url: endpoint.url, method: 'POST', headers, body, signal });
  }

  #givenBack(forMillis: number): DeliveryDecision {
    const at = toInstant(this.#ports.clock.now() + forMillis);
    return { outcome: { kind: 'released', at }, gone: false };
  }

  async #end(unit: Unit, ended: readonly Ended[], now: Instant): Promise<ReadonlySet<string>> {
    if (ended.length === 0) return new Set();
    const held = await this.#ports.webhooks.end(unit, ended.map(endingOf), now);
    const tries = ended.filter(
      ({ delivery, decision }) => held.has(delivery.id) && decision.outcome.kind !== 'released',
    );
    const endpoints = new Map(tries.map(({ endpoint }) => [endpoint.id, endpoint]));
    for (const endpoint of [...endpoints.values()].sort((one, other) => (one.id < other.id ? -1 : 1))) {
      const own = tries.filter((each) => each.endpoint.id === endpoint.id);
      await this.#judge(unit, endpoint, own, now);
    }
    return held;
  }

  /** Whether an endpoint works, fails, or is to be told no more. */
  async #judge(unit: Unit, endpoint: StoredEndpoint, tries: readonly Ended[], now: Instant): Promise<void> {
    const { webhooks } = this.#ports;
    const { id, failingSince } = endpoint;
    if (tries.some(({ decision }) => decision.gone)) return this.#disable(unit, id, 'gone', now);
    if (tries.some(({ decision }) => decision.outcome.kind === 'delivered')) {
      if (failingSince !== null) await webhooks.markFailing(unit, id, null);
    } else if (failingSince === null) {
      await webhooks.markFailing(unit, id, now);
    } else if (Date.parse(now) - Date.parse(failingSince) >= this.#settings.disableAfterDays * dayMillis) {
      await this.#disable(unit, id, 'failing', now);
    }
  }

  async #disable(unit: Unit, id: string, reason: DisabledReason, now: Instant): Promise<void> {
    const { webhooks, events } = this.#ports;
    const before = await webhooks.endpoint(unit, id);
    if (before?.status !== 'active') return;
    const version = before.version + 1;
    const endpoint: StoredEndpoint = { ...before, status: 'disabled', disabledReason: reason, version, updatedAt: now };
    await webhooks.updateEndpoint(unit, endpoint);
    const data = { reason, failingSince: before.failingSince };
    const told = { type: 'webhook.disabled', actor: courierActor, command: 'webhooks.deliver', data } as const;
    await events.record(unit, [endpointEvent(endpoint, told)]);
  }

  #count(ended: readonly Ended[], held: ReadonlySet<string>): void {
    for (const { delivery, decision } of ended) {
      if (!held.has(delivery.id)) continue;
      if (decision.outcome.kind === 'delivered') this.#delivered += 1;
      else if (decision.outcome.kind !== 'released') this.#failed += 1;
    }
  }
}

/** Leads that were erased; null where that could not be asked. */
interface ErasedLeads {
  readonly erased: ReadonlySet<string> | null;
}

function endingOf({ delivery: { endpointId, id, fence }, decision: { outcome } }: Ended): DeliveryEnding {
  return { endpointId, id, fence, outcome };
}
