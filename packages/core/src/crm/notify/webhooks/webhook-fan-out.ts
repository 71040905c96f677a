import type { EventFeed, FeedEvent } from '../../../foundation/events/index.js';
import { type Clock, type IdSource, instantNow } from '../../../foundation/kernel/index.js';
import type { UnitOfWork } from '../../../foundation/persistence/index.js';
import { typesOf, wantsLine, wantsType } from './event-filter.js';
import type { LeadLines } from './lead-lines.js';
import { payloadText } from './webhook-payload.js';
import type { NewDelivery, StoredEndpoint, WebhookStore } from './webhook-store.js';

export interface WebhookFanOutPorts {
  readonly webhooks: WebhookStore;
  readonly feed: Pick<EventFeed, 'page'>;
  readonly unitOfWork: UnitOfWork;
  readonly lines: LeadLines;
  /** Gives what has just happened its place in the feed. */
  readonly seal: () => Promise<unknown>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** What one round did. */
export interface FanOutRound {
  readonly queued: number;
  /** There may be more events now. */
  readonly more: boolean;
}

const mostEvents = 500;
/** Rows of one commit. */
const mostDeliveries = 2_000;
const nothing: FanOutRound = { queued: 0, more: false };

/**
 * Hands events to the endpoints that want them: one delivery each. The deliveries and how far the events were handed out are one commit, so
 * that a process which is killed leaves none out and none twice; any number of processes share the work.
 */
export class WebhookFanOut {
  readonly #ports: WebhookFanOutPorts;

  constructor(ports: WebhookFanOutPorts) {
    this.#ports = ports;
  }

  /** Hands out the next events, at most 500. @throws LmsError `STORE_*` */
  async round(): Promise<FanOutRound> {
    const { webhooks, feed, seal, unitOfWork } = this.#ports;
    const endpoints = await this.#active();
    if (endpoints.length === 0) return nothing;
    const position = await webhooks.position();
    if (position === null) return nothing;
    await seal();
    const limit = Math.max(1, Math.min(mostEvents, Math.floor(mostDeliveries / endpoints.length)));
    const types = typesOf(endpoints);
    const page = await feed.page({ after: position, limit, ...(types === null ? {} : { types }) });
    const { next } = page;
    if (next === position) return nothing;
    const deliveries = await this.#deliveriesOf(page.events, endpoints);
    const seen = fingerprintOf(endpoints);
    return unitOfWork.run('ledger', async (unit) => {
      const reached = await webhooks.lockPosition(unit, position);
      const now = (await webhooks.endpoints(unit)).filter(({ status }) => status === 'active');
      // Somebody else was faster, or an endpoint was changed meanwhile: the next round looks again.
      if (reached !== position || fingerprintOf(now) !== seen) return { queued: 0, more: true };
      await webhooks.insertDeliveries(unit, deliveries);
      await webhooks.savePosition(unit, next);
      return { queued: deliveries.length, more: next < page.head };
    });
  }

  async #active(): Promise<readonly StoredEndpoint[]> {
    return (await this.#ports.webhooks.endpoints(null)).filter(({ status }) => status === 'active');
  }

  async #deliveriesOf(
    events: readonly FeedEvent[],
    endpoints: readonly StoredEndpoint[],
  ): Promise<readonly NewDelivery[]> {
    const { lines, ids, clock } = this.#ports;
    const madeAt = instantNow(clock);
    const deliveries: NewDelivery[] = [];
    for (const event of events) {
      const { id: eventId, type: eventType, aggregate, position } = event;
      // Others may have been told of less when one was added: it is told from its own beginning.
      const told = endpoints.filter((endpoint) => position > endpoint.toldFrom && wantsType(endpoint, eventType));
      const byLine = told.some(({ productLines }) => productLines.length > 0);
      const line = byLine ? await lines.of(event) : null;
      for (const endpoint of told) {
        if (!wantsLine(endpoint, line)) continue;
        deliveries.push({
          id: ids.next<'webhook-message'>(),
          endpointId: endpoint.id,
          ...{ eventId, eventType, aggregate: { kind: aggregate.kind, id: aggregate.id } },
          payload: payloadText(event, endpoint.include),
          madeAt,
        });
      }
    }
    return deliveries;
  }
}

function fingerprintOf(endpoints: readonly StoredEndpoint[]): string {
  return endpoints.map(({ id, version }) => `${id} ${version}`).join();
}
