import { type Instant, instantNow, type RandomSource, toInstant } from '../../../foundation/kernel/index.js';
import type { Unit, UnitOfWork } from '../../../foundation/persistence/index.js';
import { type DeliveryDecision, decideDelivery } from './delivery-decision.js';
import { DeliverySender, type DeliverySenderPorts, type DeliveryTry } from './delivery-sender.js';
import { deliveryShares } from './delivery-shares.js';
import { EndpointJudge, type EndpointJudgePorts, type JudgedTry } from './endpoint-judge.js';
import type { CheckedWebhookSettings } from './webhook-settings.js';
import type { DeliveryClaim, DeliveryEnding, StoredDelivery, StoredEndpoint } from './webhook-store.js';

export interface WebhookCourierPorts extends DeliverySenderPorts, EndpointJudgePorts {
  readonly unitOfWork: UnitOfWork;
  readonly random: RandomSource;
}

/** What has been sent so far. */
export interface CourierReport {
  readonly delivered: number;
  /** Tries that failed, whether or not there will be another. */
  readonly failed: number;
}

export interface CourierTurn {
  /** Deliveries that are begun at most; any number when absent. */
  readonly limit?: number;
  /** How long each may take, where that is less than the settings say. */
  readonly millis?: number;
}

/** A delivery that was claimed, and how its try ended. */
interface Ended extends JudgedTry {
  readonly delivery: StoredDelivery;
}

const mostClaimed = 500;
/** Beyond the time that a try may take. */
const leaseReserveMillis = 60_000;
/** Until a receiver that is left alone is looked at again. */
const leftAloneMillis = 30_000;

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
  readonly #judge: EndpointJudge;
  readonly #sender: DeliverySender;
  readonly #inHand = new Map<string, number>();
  readonly #sending = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #ended: Ended[] = [];
  #lastServed = '';
  #delivered = 0;
  #failed = 0;
  #onEnded: () => void = () => undefined;

  constructor(ports: WebhookCourierPorts, settings: CheckedWebhookSettings) {
    this.#ports = ports;
    this.#settings = settings;
    this.#judge = new EndpointJudge(ports, settings);
    this.#sender = new DeliverySender(ports);
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

  /** When a try has ended, or none is under way; instead of a listener. */
  async next(): Promise<void> {
    if (this.#ended.length > 0 || this.#sending.size === 0) return;
    await new Promise<void>((resolve) => this.onEnded(resolve));
  }

  /** When none is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#sending);
  }

  /**
   * Writes down what has ended, and claims and begins to send what is due. What cannot be written down is written with the next turn.
   * @returns how many were begun
   * @throws LmsError `STORE_*`
   */
  async turn({ limit = Number.POSITIVE_INFINITY, millis }: CourierTurn = {}): Promise<number> {
    const { unitOfWork, webhooks, clock } = this.#ports;
    const due = await this.#due(limit);
    const ended = this.#ended;
    if (due.claims.length === 0 && ended.length === 0) return 0;
    this.#ended = [];
    const now = instantNow(clock);
    const { totalMillis } = this.#settings.target.timeouts;
    const lease = { now, leaseUntil: toInstant(clock.now() + totalMillis + leaseReserveMillis) };
    const { held, taken } = await unitOfWork
      .run('ledger', async (unit) => ({
        held: await this.#end(unit, ended, now),
        taken: due.claims.length === 0 ? [] : await webhooks.claim(unit, due.claims, lease),
      }))
      .catch((error: unknown) => {
        this.#ended = [...ended, ...this.#ended];
        throw error;
      });
    this.#count(ended, held);
    this.#lastServed = due.claims.at(-1)?.endpointId ?? this.#lastServed;
    await this.#begin(taken, due.endpoints, Math.min(totalMillis, millis ?? totalMillis));
    return taken.length;
  }

  /** What may be claimed of whom. */
  async #due(limit: number): Promise<{
    readonly claims: readonly DeliveryClaim[];
    readonly endpoints: ReadonlyMap<string, StoredEndpoint>;
  }> {
    const { webhooks, sender, clock } = this.#ports;
    const { concurrency, endpointConcurrency } = this.#settings;
    const free = Math.min(limit, mostClaimed, concurrency - this.#sending.size);
    const endpoints = free < 1 ? [] : await webhooks.dueEndpoints(instantNow(clock));
    const due = endpoints.map(({ id }) => {
      const inHand = this.#inHand.get(id) ?? 0;
      return { id, inHand, places: Math.min(sender.room(id), endpointConcurrency) - inHand };
    });
    return {
      claims: deliveryShares(due, { free, after: this.#lastServed }),
      endpoints: new Map(endpoints.map((endpoint) => [endpoint.id, endpoint])),
    };
  }

  async #begin(
    taken: readonly StoredDelivery[],
    endpoints: ReadonlyMap<string, StoredEndpoint>,
    withinMillis: number,
  ): Promise<void> {
    if (taken.length === 0) return;
    const erased = await this.#sender.erasedOf(taken);
    const { signal } = this.#abort;
    for (const delivery of taken) {
      const endpoint = endpoints.get(delivery.endpointId);
      if (endpoint !== undefined) this.#start({ delivery, endpoint, erased, withinMillis, signal });
    }
  }

  #start(begun: DeliveryTry): void {
    const { delivery, endpoint } = begun;
    const { id } = endpoint;
    this.#inHand.set(id, (this.#inHand.get(id) ?? 0) + 1);
    const sending: Promise<void> = this.#decided(begun).then((decision) => {
      this.#sending.delete(sending);
      const left = (this.#inHand.get(id) ?? 1) - 1;
      if (left === 0) this.#inHand.delete(id);
      else this.#inHand.set(id, left);
      this.#ended.push({ delivery, endpoint, decision });
      this.#onEnded();
    });
    this.#sending.add(sending);
  }

  async #decided(begun: DeliveryTry): Promise<DeliveryDecision> {
    const { clock, random } = this.#ports;
    const sent = await this.#sender.send(begun);
    if (sent === null) return this.#givenBack(leftAloneMillis);
    if (begun.signal.aborted && sent.status === null) return this.#givenBack(0);
    return decideDelivery(begun.delivery, sent, { now: clock.now(), random });
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
    await this.#judge.judge(unit, tries, now);
    return held;
  }

  #count(ended: readonly Ended[], held: ReadonlySet<string>): void {
    for (const { delivery, decision } of ended) {
      if (!held.has(delivery.id)) continue;
      if (decision.outcome.kind === 'delivered') this.#delivered += 1;
      else if (decision.outcome.kind !== 'released') this.#failed += 1;
    }
  }
}

function endingOf({ delivery: { endpointId, id, fence }, decision: { outcome } }: Ended): DeliveryEnding {
  return { endpointId, id, fence, outcome };
}
