import type { AccessService } from '../../../foundation/access/index.js';
import type { EventFeed } from '../../../foundation/events/index.js';
import {
  type Actor,
  actorRef,
  type Clock,
  checkInput,
  durationMillis,
  type IdSource,
  instantNow,
  LmsError,
  type RandomSource,
  toInstant,
} from '../../../foundation/kernel/index.js';
import type { SingleSender } from '../../../foundation/outbound/index.js';
import type { EventRecorder, Unit, UnitOfWork } from '../../../foundation/persistence/index.js';
import { type EndpointEvent, endpointEvent } from './endpoint-event.js';
import {
  changeShape,
  draftShape,
  type RotateOptions,
  rotateShape,
  type WebhookChange,
  type WebhookChangeOptions,
  type WebhookDraft,
} from './endpoint-input.js';
import { type EndpointSecrets, secretsAt } from './endpoint-secrets.js';
import { foundEndpoint } from './found-endpoint.js';
import {
  endpointShown,
  standingShown,
  type WebhookEndpoint,
  type WebhookEndpointSecret,
  type WebhookEndpointStanding,
} from './webhook-endpoint.js';
import type { CheckedWebhookSettings } from './webhook-settings.js';
import { newWebhookSecret, webhookHeaders } from './webhook-signature.js';
import type { StoredEndpoint, WebhookStore } from './webhook-store.js';

export interface WebhookServicePorts {
  readonly access: Pick<AccessService, 'require'>;
  readonly webhooks: WebhookStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly feed: Pick<EventFeed, 'head'>;
  /** Gives what has just happened its place in the feed. */
  readonly seal: () => Promise<unknown>;
  readonly secrets: EndpointSecrets;
  readonly sender: SingleSender;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: RandomSource;
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

const defaultOverlap = '24h';
/** An endpoint is rotated now and then; what is older than these has long been replaced. */
const mostSecrets = 4;

/** Looks after the receivers outside that are told of events. */
export class WebhookService {
  readonly #ports: WebhookServicePorts;
  readonly #settings: CheckedWebhookSettings;

  constructor(ports: WebhookServicePorts, settings: CheckedWebhookSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /**
   * Adds a receiver, which is told of what happens from now on. Its secret is in the answer and nowhere else. Needs `webhooks.manage`;
   * the trail tells of it. Two callers at once add two endpoints, never more than the settings allow.
   * @throws LmsError `INPUT_INVALID`, `OUTBOUND_REFUSED` for a URL that may not be called, `LIMIT_EXCEEDED`, `PERMISSION_DENIED`,
   * `ACTOR_UNKNOWN`
   */
  async add(actor: Actor, draft: WebhookDraft): Promise<WebhookEndpointSecret> {
    const { access, ids, random, secrets, webhooks, sender, clock } = this.#ports;
    await access.require(actor, 'webhooks.manage');
    const {
      url,
      eventTypes,
      productLines = [],
      include = 'ids',
      description = '',
    } = checkInput(draftShape, draft, 'the webhook cannot be added');
    sender.requireAllowed(url);
    const id = ids.next<'webhook'>();
    const secret = newWebhookSecret(random);
    const sealed = await secrets.seal(id, secret);
    const head = await this.#head();
    const now = instantNow(clock);
    const endpoint: StoredEndpoint = {
      ...{ id, url, description, eventTypes, productLines, include },
      ...{ status: 'active', disabledReason: null, failingSince: null },
      secrets: [{ sealed, madeAt: now, until: null }],
      ...{ version: 1, createdAt: now, createdBy: actorRef(actor), updatedAt: now },
    };
    await this.#ports.unitOfWork.run('ledger', async (unit) => {
      const others = await this.#beginFrom(unit, head);
      if (others.length >= this.#settings.mostEndpoints) throw tooMany(this.#settings.mostEndpoints);
      await webhooks.insertEndpoint(unit, endpoint);
      const data = { eventTypes, productLines, include };
      await this.#record(unit, endpoint, { type: 'webhook.added', actor, command: 'webhooks.add', data });
    });
    return { endpoint: endpointShown(endpoint, now), secret };
  }

  /** All of them, in the order in which they were added. Needs `webhooks.read`. @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async list(actor: Actor): Promise<readonly WebhookEndpointStanding[]> {
    const { access, webhooks, clock } = this.#ports;
    await access.require(actor, 'webhooks.read');
    const counts = new Map((await webhooks.counts()).map((each) => [each.endpointId, each]));
    const now = instantNow(clock);
    return (await webhooks.endpoints(null))
      .filter(({ status }) => status !== 'removed')
      .map((endpoint) => standingShown(endpointShown(endpoint, now), counts.get(endpoint.id)));
  }

  /** Needs `webhooks.read`. @throws LmsError `WEBHOOK_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async get(actor: Actor, id: string): Promise<WebhookEndpointStanding> {
    const { access, webhooks, clock } = this.#ports;
    await access.require(actor, 'webhooks.read');
    const endpoint = await foundEndpoint(this.#ports.webhooks, null, id);
    const counts = (await webhooks.counts()).find(({ endpointId }) => endpointId === id);
    return standingShown(endpointShown(endpoint, instantNow(clock)), counts);
  }

  /**
   * Changes an endpoint; what waits to be sent goes to where it points then. Needs `webhooks.manage`; the trail tells of it.
   * @throws LmsError `INPUT_INVALID`, `OUTBOUND_REFUSED`, `WEBHOOK_NOT_FOUND`, `WEBHOOK_CONFLICT` when `expectedVersion` is not its version
   */
  async update(
    actor: Actor,
    id: string,
    change: WebhookChange,
    { expectedVersion }: WebhookChangeOptions = {},
  ): Promise<WebhookEndpoint> {
    await this.#ports.access.require(actor, 'webhooks.manage');
    const checked = checkInput(changeShape, change, 'the webhook cannot be changed');
    if (checked.url !== undefined) this.#ports.sender.requireAllowed(checked.url);
    const { url: _url, description: _description, ...told } = checked;
    const data = { ...told, changed: Object.keys(checked) };
    return this.#change(id, { type: 'webhook.updated', actor, command: 'webhooks.update', data }, (before) => {
      requireVersion(before, expectedVersion);
      return { ...before, ...checked };
    });
  }

  /**
   * Gives an endpoint a new secret, which is in the answer and nowhere else. Until the overlap ends messages carry signatures of the older
   * secrets too, so that the receiver can change over meanwhile. Needs `webhooks.manage`; the trail tells of it. Two callers at once make
   * two secrets, and both sign until the overlap ends.
   * @throws LmsError `INPUT_INVALID`, `WEBHOOK_NOT_FOUND`, `WEBHOOK_CONFLICT`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async rotateSecret(actor: Actor, id: string, options: RotateOptions = {}): Promise<WebhookEndpointSecret> {
    const { access, random, secrets, clock } = this.#ports;
    await access.require(actor, 'webhooks.manage');
    const { overlap = defaultOverlap, expectedVersion } = checkInput(
      rotateShape,
      options,
      'the secret cannot be changed',
    );
    const secret = newWebhookSecret(random);
    const { id: known } = await foundEndpoint(this.#ports.webhooks, null, id);
    const sealed = await secrets.seal(known, secret);
    const madeAt = instantNow(clock);
    const until = toInstant(clock.now() + (overlap === '0' ? 0 : (durationMillis(overlap) ?? 0)));
    const done = { type: 'webhook.secret_rotated', actor, command: 'webhooks.rotateSecret', data: { until } } as const;
    const endpoint = await this.#change(id, done, (before) => {
      requireVersion(before, expectedVersion);
      const older = secretsAt(before.secrets, madeAt).map((each) => ({
        ...each,
        until: each.until === null || each.until > until ? until : each.until,
      }));
      const kept = [{ sealed, madeAt, until: null }, ...secretsAt(older, madeAt)].slice(0, mostSecrets);
      return { ...before, secrets: kept };
    });
    return { endpoint, secret };
  }

  /**
   * Sends nothing more; what waits stays, and nothing new is queued. Needs `webhooks.manage`; the trail tells of it. One that is disabled
   * is left as it is. @throws LmsError `WEBHOOK_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async disable(actor: Actor, id: string): Promise<WebhookEndpoint> {
    await this.#ports.access.require(actor, 'webhooks.manage');
    const data = { reason: 'by-hand' };
    return this.#change(id, { type: 'webhook.disabled', actor, command: 'webhooks.disable', data }, (before) =>
      before.status === 'disabled' ? null : { ...before, status: 'disabled', disabledReason: 'by-hand' },
    );
  }

  /**
   * Sends again: what waits, and what happens from now on. What happened meanwhile is not sent. Needs `webhooks.manage`; the trail tells of
   * it. One that is active is left as it is. @throws LmsError `WEBHOOK_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async enable(actor: Actor, id: string): Promise<WebhookEndpoint> {
    await this.#ports.access.require(actor, 'webhooks.manage');
    const head = await this.#head();
    const done = { type: 'webhook.enabled', actor, command: 'webhooks.enable' } as const;
    return this.#change(
      id,
      done,
      (before) =>
        before.status === 'active' ? null : { ...before, status: 'active', disabledReason: null, failingSince: null },
      head,
    );
  }

  /** Forgets an endpoint and its deliveries, for good. Needs `webhooks.manage`; the trail tells of it. @throws LmsError `WEBHOOK_NOT_FOUND` */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.#ports.access.require(actor, 'webhooks.manage');
    const done = { type: 'webhook.removed', actor, command: 'webhooks.remove' } as const;
    // Its deliveries may be many: housekeeping forgets them, and then the endpoint.
    await this.#change(id, done, (before) => ({ ...before, status: 'removed', disabledReason: null, secrets: [] }));
  }

  /**
   * Sends `webhook.test` at once, also to an endpoint that is disabled, and says how it was taken; nothing is tried again. Needs
   * `webhooks.manage`; the trail tells of it.
   * @throws LmsError `WEBHOOK_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async test(actor: Actor, id: string): Promise<WebhookTest> {
    const { access, ids, clock, secrets, sender, unitOfWork } = this.#ports;
    await access.require(actor, 'webhooks.manage');
    const endpoint = await foundEndpoint(this.#ports.webhooks, null, id);
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
    await unitOfWork.run('ledger', (unit) =>
      this.#record(unit, endpoint, {
        type: 'webhook.tested',
        actor,
        command: 'webhooks.test',
        data: { ok, status, code },
      }),
    );
    return { id: messageId, ok, status, code, durationMillis };
  }

  /** The end of the feed, behind all that has happened. */
  async #head(): Promise<number> {
    await this.#ports.seal();
    return this.#ports.feed.head();
  }

  /**
   * Locks the place up to which events were told. While nobody is told of any, it stands still: whoever is told from now on begins at the end.
   * @returns endpoints that are not removed
   */
  async #beginFrom(unit: Unit, head: number): Promise<readonly StoredEndpoint[]> {
    const { webhooks } = this.#ports;
    const position = await webhooks.lockPosition(unit, head);
    const others = (await webhooks.endpoints(unit)).filter(({ status }) => status !== 'removed');
    if (head > position && others.every(({ status }) => status !== 'active')) await webhooks.savePosition(unit, head);
    return others;
  }

  /**
   * @param decide gives the endpoint as it is to be; null when nothing is to change
   * @param beginFrom where the feed ends, when it is to be told again
   */
  async #change(
    id: string,
    done: EndpointEvent,
    decide: (before: StoredEndpoint) => StoredEndpoint | null,
    beginFrom?: number,
  ): Promise<WebhookEndpoint> {
    const { unitOfWork, webhooks, clock } = this.#ports;
    const now = instantNow(clock);
    const changed = await unitOfWork.run('ledger', async (unit) => {
      // Whoever hands events to endpoints holds it too, so that none is handed to one that was removed.
      if (beginFrom === undefined) await webhooks.lockPosition(unit, 0);
      else await this.#beginFrom(unit, beginFrom);
      const before = await foundEndpoint(this.#ports.webhooks, unit, id);
      const after = decide(before);
      if (after === null) return before;
      const endpoint = { ...after, version: before.version + 1, updatedAt: now };
      await webhooks.updateEndpoint(unit, endpoint);
      await this.#record(unit, endpoint, done);
      return endpoint;
    });
    return endpointShown(changed, now);
  }

  async #record(unit: Unit, endpoint: StoredEndpoint, event: EndpointEvent): Promise<void> {
    await this.#ports.events.record(unit, [endpointEvent(endpoint, event)]);
  }
}

function tooMany(most: number): LmsError {
  return new LmsError('LIMIT_EXCEEDED', {
    message: `there are ${most} webhooks already; remove one, or allow more with webhooks.mostEndpoints`,
  });
}

function requireVersion({ version }: StoredEndpoint, expected: number | undefined): void {
  if (expected === undefined || expected === version) return;
  throw new LmsError('WEBHOOK_CONFLICT', {
    message: `the webhook was changed by somebody else; its version is ${version}`,
    details: { currentVersion: version },
  });
}
