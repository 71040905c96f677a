import { type Instant, systemActor } from '../../../foundation/kernel/index.js';
import type { EventRecorder, Unit } from '../../../foundation/persistence/index.js';
import type { DeliveryDecision } from './delivery-decision.js';
import { endpointEvent } from './endpoint-event.js';
import type { DisabledReason, StoredEndpoint, WebhookStore } from './webhook-store.js';

/** A try that ended. */
export interface JudgedTry {
  /** As it was when the delivery was claimed. */
  readonly endpoint: StoredEndpoint;
  readonly decision: DeliveryDecision;
}

export interface EndpointJudgePorts {
  readonly webhooks: WebhookStore;
  readonly events: EventRecorder;
}

const dayMillis = 86_400_000;
const courierActor = systemActor('webhooks');

/** Says by the tries that ended whether endpoints work, fail, or are to be told no more. */
export class EndpointJudge {
  readonly #ports: EndpointJudgePorts;
  readonly #longestFailingMillis: number;

  constructor(ports: EndpointJudgePorts, { disableAfterDays }: { readonly disableAfterDays: number }) {
    this.#ports = ports;
    this.#longestFailingMillis = disableAfterDays * dayMillis;
  }

  async judge(unit: Unit, tries: readonly JudgedTry[], now: Instant): Promise<void> {
    // In one order, so that two who write down several do not wait for each other.
    for (const id of [...new Set(tries.map(({ endpoint }) => endpoint.id))].sort()) {
      const own = tries.filter(({ endpoint }) => endpoint.id === id);
      await this.#judgeOne(unit, id, own, now);
    }
  }

  async #judgeOne(unit: Unit, id: string, tries: readonly JudgedTry[], now: Instant): Promise<void> {
    const { webhooks } = this.#ports;
    // Who says 410 speaks for the place that was asked: not for one where the endpoint was moved since, or was enabled again.
    const gone = new Set(tries.filter(({ decision }) => decision.gone).map(({ endpoint }) => endpoint.version));
    if (gone.size > 0 && (await this.#disableIf(unit, id, 'gone', now, ({ version }) => gone.has(version)))) return;
    const failing = tries.findLast(({ endpoint }) => endpoint.failingSince !== null)?.endpoint ?? null;
    if (tries.some(({ decision }) => decision.outcome.kind === 'delivered')) {
      if (failing !== null) await webhooks.markFailing(unit, id, null);
    } else if (failing === null) {
      await webhooks.markFailing(unit, id, now);
    } else if (this.#failsTooLong(failing, now)) {
      await this.#disableIf(unit, id, 'failing', now, (endpoint) => this.#failsTooLong(endpoint, now));
    }
  }

  #failsTooLong({ failingSince }: StoredEndpoint, now: Instant): boolean {
    return failingSince !== null && Date.parse(now) - Date.parse(failingSince) >= this.#longestFailingMillis;
  }

  /** @param holds whether there is still reason to, by the endpoint as it is now */
  async #disableIf(
    unit: Unit,
    id: string,
    reason: DisabledReason,
    now: Instant,
    holds: (endpoint: StoredEndpoint) => boolean,
  ): Promise<boolean> {
    const { webhooks, events } = this.#ports;
    const before = await webhooks.endpoint(unit, id);
    if (before?.status !== 'active' || !holds(before)) return false;
    const version = before.version + 1;
    const endpoint: StoredEndpoint = { ...before, status: 'disabled', disabledReason: reason, version, updatedAt: now };
    await webhooks.updateEndpoint(unit, endpoint);
    const data = { reason, failingSince: before.failingSince };
    const told = { type: 'webhook.disabled', actor: courierActor, command: 'webhooks.deliver', data } as const;
    await events.record(unit, [endpointEvent(endpoint, told)]);
    return true;
  }
}
