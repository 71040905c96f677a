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
import type { EventRecorder, Unit, UnitOfWork } from '../../../foundation/persistence/index.js';
import { endpointEvent } from './endpoint-event.js';
import {
  cursorOf,
  type DeliveryListQuery,
  type DeliveryRequest,
  deliveryQueryShape,
  deliveryRequestShape,
  placeOf,
} from './endpoint-input.js';
import { foundEndpoint } from './found-endpoint.js';
import { deliveryShown, type WebhookDelivery } from './webhook-endpoint.js';
import type { DeadDeliveries, StoredDelivery, StoredEndpoint, WebhookStore } from './webhook-store.js';

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

export interface Dismissed {
  readonly dismissed: number;
  /** There were more than one call dismisses: the same call dismisses the next. */
  readonly more: boolean;
}

/** What is done to dead deliveries of an endpoint in one unit, and what the trail says of it. */
interface DeadChange {
  readonly type: 'webhook.replayed' | 'webhook.dismissed';
  readonly command: string;
  /** @returns how many */
  readonly apply: (unit: Unit, dead: DeadDeliveries) => Promise<number>;
}

const defaultLimit = 50;
const changedAtOnce = 500;
const mostChanged = 10_000;

/** Shows what endpoints were told, has it told again, and lets be what nobody will tell again. */
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
  async replay(actor: Actor, request: DeliveryRequest): Promise<Replayed> {
    const { access, webhooks, clock } = this.#ports;
    await access.require(actor, 'webhooks.manage');
    const wanted = checkInput(deliveryRequestShape, request, 'nothing can be replayed');
    if ('deliveryId' in wanted) return { replayed: await this.#replayOne(actor, wanted.deliveryId), more: false };
    const { changed, more } = await this.#changeDead(actor, wanted, {
      ...{ type: 'webhook.replayed', command: 'webhooks.replay' },
      apply: (unit, dead) => webhooks.replayDead(unit, dead, instantNow(clock)),
    });
    return { replayed: changed, more };
  }

  /**
   * Dismisses one dead delivery, or those of an endpoint since a time, 10,000 a call, the oldest first: they are not sent, health no longer
   * tells of them, and they can still be listed and replayed one by one until they are forgotten. One that is not dead is left as it is.
   * Needs `webhooks.manage`; the trail tells of it.
   * @throws LmsError `INPUT_INVALID`, `WEBHOOK_NOT_FOUND`, `WEBHOOK_DELIVERY_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async dismiss(actor: Actor, request: DeliveryRequest): Promise<Dismissed> {
    const { access, webhooks } = this.#ports;
    await access.require(actor, 'webhooks.manage');
    const wanted = checkInput(deliveryRequestShape, request, 'nothing can be dismissed');
    if ('deliveryId' in wanted) return { dismissed: await this.#dismissOne(actor, wanted.deliveryId), more: false };
    const { changed, more } = await this.#changeDead(actor, wanted, {
      ...{ type: 'webhook.dismissed', command: 'webhooks.dismiss' },
      apply: (unit, dead) => webhooks.dismissDead(unit, dead),
    });
    return { dismissed: changed, more };
  }

  async #replayOne(actor: Actor, deliveryId: string): Promise<number> {
    const { webhooks, unitOfWork, events, clock } = this.#ports;
    const { delivery, endpoint } = await this.#found(deliveryId);
    const now = instantNow(clock);
    if (delivery.status === 'waiting' && delivery.attempts === 0 && delivery.at <= now) return 0;
    await unitOfWork.run('ledger', async (unit) => {
      if (!(await webhooks.replay(unit, delivery, now))) throw deliveryNotFound(deliveryId);
      const data = { deliveryId, eventId: delivery.eventId };
      await events.record(unit, [
        endpointEvent(endpoint, { type: 'webhook.replayed', actor, command: 'webhooks.replay', data }),
      ]);
    });
    return 1;
  }

  async #dismissOne(actor: Actor, deliveryId: string): Promise<number> {
    const { webhooks, unitOfWork, events } = this.#ports;
    const { delivery, endpoint } = await this.#found(deliveryId);
    return unitOfWork.run('ledger', async (unit) => {
      if (!(await webhooks.dismiss(unit, delivery))) return 0;
      const data = { deliveryId, eventId: delivery.eventId };
      await events.record(unit, [
        endpointEvent(endpoint, { type: 'webhook.dismissed', actor, command: 'webhooks.dismiss', data }),
      ]);
      return 1;
    });
  }

  /** @throws LmsError `WEBHOOK_NOT_FOUND`, `WEBHOOK_DELIVERY_NOT_FOUND` */
  async #found(deliveryId: string): Promise<{ readonly delivery: StoredDelivery; readonly endpoint: StoredEndpoint }> {
    const { webhooks } = this.#ports;
    const delivery = await webhooks.delivery(deliveryId);
    if (delivery === null) throw deliveryNotFound(deliveryId);
    return { delivery, endpoint: await foundEndpoint(webhooks, null, delivery.endpointId) };
  }

  async #changeDead(
    actor: Actor,
    { endpointId, since }: { readonly endpointId: string; readonly since: Instant },
    { type, command, apply }: DeadChange,
  ): Promise<{ readonly changed: number; readonly more: boolean }> {
    const { webhooks, unitOfWork, events } = this.#ports;
    await foundEndpoint(webhooks, null, endpointId);
    let changed = 0;
    while (changed < mostChanged) {
      const inRound = await unitOfWork.run('ledger', async (unit) => {
        const count = await apply(unit, { endpointId, since, limit: changedAtOnce });
        if (count === 0) return 0;
        const endpoint = await foundEndpoint(webhooks, unit, endpointId);
        await events.record(unit, [endpointEvent(endpoint, { type, actor, command, data: { since, count } })]);
        return count;
      });
      changed += inRound;
      if (inRound < changedAtOnce) return { changed, more: false };
    }
    return { changed, more: true };
  }
}

function deliveryNotFound(id: string): LmsError {
  return new LmsError('WEBHOOK_DELIVERY_NOT_FOUND', {
    message: `there is no delivery ${quoted(id)}, or it is forgotten already`,
  });
}
