import { type Clock, instantNow, LmsError } from '../../../foundation/kernel/index.js';
import type { SentOnce, SingleSender } from '../../../foundation/outbound/index.js';
import type { EndpointSecrets } from './endpoint-secrets.js';
import { leadOf } from './lead-lines.js';
import { hasChanges, withoutChanges } from './webhook-payload.js';
import { webhookHeaders } from './webhook-signature.js';
import type { StoredDelivery, StoredEndpoint } from './webhook-store.js';

export interface DeliverySenderPorts {
  readonly sender: SingleSender;
  readonly secrets: EndpointSecrets;
  /** Which of these leads were erased. */
  readonly erased: (leadIds: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly clock: Clock;
}

/** One try of a delivery. */
export interface DeliveryTry {
  readonly delivery: StoredDelivery;
  readonly endpoint: StoredEndpoint;
  /** As {@link DeliverySender.erasedOf} gives them. */
  readonly erased: ReadonlySet<string> | null;
  readonly withinMillis: number;
  readonly signal: AbortSignal;
}

/** Sends one delivery once: signed at that moment, and without what was masked of people who were erased by then. */
export class DeliverySender {
  readonly #ports: DeliverySenderPorts;

  constructor(ports: DeliverySenderPorts) {
    this.#ports = ports;
  }

  /** Leads of these deliveries that were erased; null where that cannot be asked now. */
  async erasedOf(deliveries: readonly StoredDelivery[]): Promise<ReadonlySet<string> | null> {
    const leads = deliveries.flatMap(({ payload, aggregate }) =>
      hasChanges(payload) ? (leadOf(aggregate) ?? []) : [],
    );
    if (leads.length === 0) return new Set();
    try {
      return await this.#ports.erased(leads);
    } catch (error) {
      if (!LmsError.isInstance(error)) throw error;
      return null;
    }
  }

  /** Null where it cannot be sent now, which says nothing of the receiver. Never rejects: what stops it here is a failure too. */
  async send(one: DeliveryTry): Promise<SentOnce | null> {
    try {
      return await this.#sent(one);
    } catch (error) {
      // A store that is away passes by itself; a secret that does not open, or a body that is none, is written down as what stopped it.
      if (LmsError.isInstance(error) && error.retryable) return null;
      const code = LmsError.isInstance(error) ? error.code : 'INTERNAL';
      return { status: null, code, retryAfterMillis: null, durationMillis: 0 };
    }
  }

  async #sent({ delivery, endpoint, erased, withinMillis, signal }: DeliveryTry): Promise<SentOnce | null> {
    const { clock, secrets, sender } = this.#ports;
    const body = bodyOf(delivery, erased);
    if (body === null) return null;
    const timestamp = Math.floor(clock.now() / 1_000);
    const signing = await secrets.signing(endpoint, instantNow(clock));
    const headers = webhookHeaders({ id: delivery.id, timestamp, body }, signing);
    return sender.send({
      ...{ receiver: endpoint.id, url: endpoint.url, method: 'POST', headers, body },
      ...{ withinMillis, signal },
    });
  }
}

/** Null where it is not known whether a person in it was erased. */
function bodyOf({ payload, aggregate }: StoredDelivery, erased: ReadonlySet<string> | null): string | null {
  if (!hasChanges(payload)) return payload;
  if (erased === null) return null;
  return erased.has(leadOf(aggregate) ?? '') ? withoutChanges(payload) : payload;
}
