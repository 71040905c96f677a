import type { EventFeed } from '../../../foundation/events/index.js';
import { type Clock, instantNow } from '../../../foundation/kernel/index.js';
import type { EventRecorder, Unit, UnitOfWork } from '../../../foundation/persistence/index.js';
import { type EndpointEvent, endpointEvent } from './endpoint-event.js';
import { foundEndpoint } from './found-endpoint.js';
import { endpointShown, type WebhookEndpoint } from './webhook-endpoint.js';
import type { StoredEndpoint, WebhookStore } from './webhook-store.js';

export interface EndpointChangePorts {
  readonly webhooks: WebhookStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly feed: Pick<EventFeed, 'head'>;
  /** Gives what has just happened its place in the feed. */
  readonly seal: () => Promise<unknown>;
  readonly clock: Clock;
}

/**
 * Writes endpoints, each change with its event. Every change locks the place up to which events were told, as who hands them out does: none is
 * handed to an endpoint as it was before.
 */
export class EndpointChanges {
  readonly #ports: EndpointChangePorts;

  constructor(ports: EndpointChangePorts) {
    this.#ports = ports;
  }

  /** The end of the feed, behind all that has happened. */
  async head(): Promise<number> {
    await this.#ports.seal();
    return this.#ports.feed.head();
  }

  /**
   * Adds an endpoint that is told of what stands behind `toldFrom`.
   * @param allow throws where there are too many endpoints already
   */
  async add(endpoint: StoredEndpoint, done: EndpointEvent, allow: (others: number) => void): Promise<void> {
    const { unitOfWork, webhooks } = this.#ports;
    await unitOfWork.run('ledger', async (unit) => {
      const others = await this.#beginFrom(unit, endpoint.toldFrom);
      allow(others.length);
      await webhooks.insertEndpoint(unit, endpoint);
      await this.record(unit, endpoint, done);
    });
  }

  /**
   * @param decide gives the endpoint as it is to be; null when nothing is to change
   * @param beginFrom where the feed ends, when it is to be told again
   * @throws LmsError `WEBHOOK_NOT_FOUND`, and what `decide` throws
   */
  async change(
    id: string,
    done: EndpointEvent,
    decide: (before: StoredEndpoint) => StoredEndpoint | null,
    beginFrom?: number,
  ): Promise<WebhookEndpoint> {
    const { unitOfWork, webhooks, clock } = this.#ports;
    const now = instantNow(clock);
    const changed = await unitOfWork.run('ledger', async (unit) => {
      if (beginFrom === undefined) await webhooks.lockPosition(unit, 0);
      else await this.#beginFrom(unit, beginFrom);
      const before = await foundEndpoint(webhooks, unit, id);
      const after = decide(before);
      if (after === null) return before;
      const endpoint = { ...after, version: before.version + 1, updatedAt: now };
      await webhooks.updateEndpoint(unit, endpoint);
      await this.record(unit, endpoint, done);
      return endpoint;
    });
    return endpointShown(changed, now);
  }

  async record(unit: Unit, endpoint: StoredEndpoint, event: EndpointEvent): Promise<void> {
    await this.#ports.events.record(unit, [endpointEvent(endpoint, event)]);
  }

  /**
   * While nobody is told of any event the place stands still: whoever is told from now on need not pass all that happened since.
   * @returns endpoints that are not removed
   */
  async #beginFrom(unit: Unit, head: number): Promise<readonly StoredEndpoint[]> {
    const { webhooks } = this.#ports;
    const position = await webhooks.lockPosition(unit, head);
    const others = (await webhooks.endpoints(unit)).filter(({ status }) => status !== 'removed');
    if (head > position && others.every(({ status }) => status !== 'active')) await webhooks.savePosition(unit, head);
    return others;
  }
}
