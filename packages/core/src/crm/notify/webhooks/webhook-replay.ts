import type { AccessService } from '../../../foundation/access/index.js';
import {
  type Actor,
  type Clock,
  checkInput,
  type Instant,
  instantNow,
  LmsError,
  quoted,
} from '../../../foundation/kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../../../foundation/persistence/index.js';
import { endpointEvent } from './endpoint-event.js';
import {
  cursorOf,
  type DeliveryListQuery,
  deliveryQueryShape,
  placeOf,
  type ReplayRequest,
  replayShape,
} from './endpoint-input.js';
import { foundEndpoint } from './found-endpoint.js';
import { deliveryShown, type WebhookDelivery } from './webhook-endpoint.js';
import type { WebhookStore } from './webhook-store.js';

export interface WebhookReplayPorts {
  readonly access: Pick<AccessService, 'require'>;
  readonly webhooks: WebhookStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** Deliveries of an endpoint, the latest first. */
export interface WebhookDeliveryPage {
  readonly deliveries: readonly WebhookDelivery[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

export interface Replayed {
  readonly replayed: number;
  /** There were more than one call replays: the same call replays the next. */
  readonly more: boolean;
}

const defaultLimit = 50;
const replayedAtOnce = 500;
const mostReplayed = 10_000;

/** Shows what endpoints were told, and has it told again. */
export class WebhookReplay {
  readonly #ports: WebhookReplayPorts;

  constructor(ports: WebhookReplayPorts) {
    this.#ports = ports;
  }

  /** Needs `webhooks.read`. @throws LmsError `INPUT_INVALID`, `CURSOR_INVALID`, `WEBHOOK_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async deliveries(actor: Actor, query: DeliveryListQuery): Promise<WebhookDeliveryPage> {
    const { access, webhooks } = this.#ports;
    await access.require(actor, 'webhooks.read');
    const checked = checkInput(deliveryQueryShape, query, 'deliveries cannot be listed');
    const { endpointId, status = 'dead', after: cursor, limit = defaultLimit } = checked;
    const after = cursor === undefined ? undefined : placeOf(cursor);
    if (after === null) throw new LmsError('CURSOR_INVALID', { message: 'the cursor is none of this list' });
    await foundEndpoint(webhooks, null, endpointId);
    const found = await webhooks.deliveries({
      ...{ endpointId, status, limit: limit + 1 },
      ...(after === undefined ? {} : { after }),
    });
    const deliveries = found.slice(0, limit).map(deliveryShown);
    const last = deliveries.at(-1);
    return { deliveries, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
  }

  /**
   * Makes one delivery due now, whatever became of it, or the dead ones of an endpoint since a time, 10,000 a call, the oldest first; each has
   * all its tries again, under the `webhook-id` it had. Repeating the call does nothing to those that wait already. Needs
   * `webhooks.manage`; the trail tells of it.
   * @throws LmsError `INPUT_INVALID`, `WEBHOOK_NOT_FOUND`, `WEBHOOK_DELIVERY_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async replay(actor: Actor, request: ReplayRequest): Promise<Replayed> {
    await this.#ports.access.require(actor, 'webhooks.manage');
    const wanted = checkInput(replayShape, request, 'nothing can be replayed');
    if ('deliveryId' in wanted) return this.#replayOne(actor, wanted.deliveryId);
    const { endpointId, since } = wanted;
    await foundEndpoint(this.#ports.webhooks, null, endpointId);
    let replayed = 0;
    while (replayed < mostReplayed) {
      const more = await this.#replayDead(actor, endpointId, since);
      replayed += more;
      if (more < replayedAtOnce) return { replayed, more: false };
    }
    return { replayed, more: true };
  }

  async #replayOne(actor: Actor, deliveryId: string): Promise<Replayed> {
    const { webhooks, unitOfWork, clock } = this.#ports;
    const delivery = await webhooks.delivery(deliveryId);
    if (delivery === null) throw deliveryNotFound(deliveryId);
    const endpoint = await foundEndpoint(webhooks, null, delivery.endpointId);
    const now = instantNow(clock);
    if (delivery.status === 'waiting' && delivery.attempts === 0 && delivery.at <= now)
      return { replayed: 0, more: false };
    await unitOfWork.run('ledger', async (unit) => {
      if (!(await webhooks.replay(unit, delivery, now))) throw deliveryNotFound(deliveryId);
      const data = { deliveryId, eventId: delivery.eventId };
      await this.#ports.events.record(unit, [
        endpointEvent(endpoint, { type: 'webhook.replayed', actor, command: 'webhooks.replay', data }),
      ]);
    });
    return { replayed: 1, more: false };
  }

  #replayDead(actor: Actor, endpointId: string, since: Instant): Promise<number> {
    const { webhooks, unitOfWork, clock } = this.#ports;
    const now = instantNow(clock);
    return unitOfWork.run('ledger', async (unit) => {
      const count = await webhooks.replayDead(unit, { endpointId, since, limit: replayedAtOnce }, now);
      if (count === 0) return 0;
      const endpoint = await foundEndpoint(webhooks, unit, endpointId);
      const data = { since, count };
      await this.#ports.events.record(unit, [
        endpointEvent(endpoint, { type: 'webhook.replayed', actor, command: 'webhooks.replay', data }),
      ]);
      return count;
    });
  }
}

function deliveryNotFound(id: string): LmsError {
  return new LmsError('WEBHOOK_DELIVERY_NOT_FOUND', {
    message: `there is no delivery ${quoted(id)}, or it is forgotten already`,
  });
}
