import type { AccessService } from '../../../foundation/access/index.js';
import { type Actor, type Clock, type IdSource, instantNow } from '../../../foundation/kernel/index.js';
import type { SingleSender } from '../../../foundation/outbound/index.js';
import type { EventRecorder, UnitOfWork } from '../../../foundation/persistence/index.js';
import { endpointEvent } from './endpoint-event.js';
import type { EndpointSecrets } from './endpoint-secrets.js';
import { foundEndpoint } from './found-endpoint.js';
import { webhookHeaders } from './webhook-signature.js';
import type { WebhookStore } from './webhook-store.js';

export interface WebhookTesterPorts {
  readonly access: Pick<AccessService, 'require'>;
  readonly webhooks: WebhookStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly secrets: EndpointSecrets;
  readonly sender: SingleSender;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** How a receiver took a test. */
export interface WebhookTest {
  /** `webhook-id` of the test. */
  readonly id: string;
  /** It answered 2xx. */
  readonly ok: boolean;
  readonly status: number | null;
  /** Why there was no answer; null where there was one. */
  readonly code: string | null;
  readonly durationMillis: number;
}

/** Finds out whether a receiver takes what is sent. */
export class WebhookTester {
  readonly #ports: WebhookTesterPorts;

  constructor(ports: WebhookTesterPorts) {
    this.#ports = ports;
  }

  /**
   * Sends `webhook.test` at once, also to an endpoint that is disabled, and says how it was taken; nothing is tried again. Needs
   * `webhooks.manage`; the trail tells of it.
   * @throws LmsError `WEBHOOK_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async test(actor: Actor, id: string): Promise<WebhookTest> {
    const { access, ids, clock, secrets, sender, unitOfWork, webhooks, events } = this.#ports;
    await access.require(actor, 'webhooks.manage');
    const endpoint = await foundEndpoint(webhooks, null, id);
    const messageId = ids.next<'webhook-message'>();
    const at = instantNow(clock);
    const body = JSON.stringify({ type: 'webhook.test', timestamp: at, data: { endpointId: id } });
    const timestamp = Math.floor(clock.now() / 1_000);
    const headers = webhookHeaders({ id: messageId, timestamp, body }, await secrets.signing(endpoint, at));
    // By a name of its own: an endpoint that is left alone can be tested.
    const receiver = `test ${messageId}`;
    const signal = new AbortController().signal;
    const sent = await sender.send({ receiver, url: endpoint.url, method: 'POST', headers, body, signal });
    const { status, code, durationMillis } = sent ?? { status: null, code: 'OUTBOUND_CIRCUIT_OPEN', durationMillis: 0 };
    const ok = status !== null && status >= 200 && status < 300;
    const data = { ok, status, code };
    await unitOfWork.run('ledger', (unit) =>
      events.record(unit, [endpointEvent(endpoint, { type: 'webhook.tested', actor, command: 'webhooks.test', data })]),
    );
    return { id: messageId, ok, status, code, durationMillis };
  }
}
