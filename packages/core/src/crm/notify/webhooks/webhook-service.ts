import type { AccessService } from '../../../foundation/access/index.js';
import {
  type Actor,
  actorRef,
  checkInput,
  durationMillis,
  type IdSource,
  instantNow,
  LmsError,
  type RandomSource,
  toInstant,
} from '../../../foundation/kernel/index.js';
import type { SingleSender } from '../../../foundation/outbound/index.js';
import { type EndpointChangePorts, EndpointChanges } from './endpoint-changes.js';
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
import { newWebhookSecret } from './webhook-signature.js';
import type { StoredEndpoint } from './webhook-store.js';

export interface WebhookServicePorts extends EndpointChangePorts {
  readonly access: Pick<AccessService, 'require'>;
  readonly secrets: EndpointSecrets;
  readonly sender: Pick<SingleSender, 'requireAllowed'>;
  readonly ids: IdSource;
  readonly random: RandomSource;
}

const defaultOverlap = '24h';
/** An endpoint is rotated now and then; what is older than these has long been replaced. */
const mostSecrets = 4;

/** Looks after the receivers outside that are told of events. */
export class WebhookService {
  readonly #ports: WebhookServicePorts;
  readonly #changes: EndpointChanges;
  readonly #mostEndpoints: number;

  constructor(ports: WebhookServicePorts, { mostEndpoints }: Pick<CheckedWebhookSettings, 'mostEndpoints'>) {
    this.#ports = ports;
    this.#changes = new EndpointChanges(ports);
    this.#mostEndpoints = mostEndpoints;
  }

  /**
   * Adds a receiver, which is told of what happens from now on. Its secret is in the answer and nowhere else. Needs `webhooks.manage`;
   * the trail tells of it. Two callers at once add two endpoints, never more than the settings allow.
   * @throws LmsError `INPUT_INVALID`, `OUTBOUND_REFUSED` for a URL that may not be called, `LIMIT_EXCEEDED`, `PERMISSION_DENIED`,
   * `ACTOR_UNKNOWN`
   */
  async add(actor: Actor, draft: WebhookDraft): Promise<WebhookEndpointSecret> {
    const { access, ids, random, secrets, sender, clock } = this.#ports;
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
    const toldFrom = await this.#changes.head();
    const now = instantNow(clock);
    const endpoint: StoredEndpoint = {
      ...{ id, url, description, eventTypes, productLines, include },
      ...{ status: 'active', disabledReason: null, failingSince: null, toldFrom },
      secrets: [{ sealed, madeAt: now, until: null }],
      ...{ version: 1, createdAt: now, createdBy: actorRef(actor), updatedAt: now },
    };
    const data = { eventTypes, productLines, include };
    await this.#changes.add(endpoint, { type: 'webhook.added', actor, command: 'webhooks.add', data }, (others) => {
      if (others >= this.#mostEndpoints) throw tooMany(this.#mostEndpoints);
    });
    return { endpoint: endpointShown(endpoint, now), secret };
  }

  /** All of them, in the order in which they were added. Needs `webhooks.read`; masked actors see of a URL where it points. @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async list(actor: Actor): Promise<readonly WebhookEndpointStanding[]> {
    const { access, webhooks, clock } = this.#ports;
    const { masked } = await access.require(actor, 'webhooks.read');
    const counts = new Map((await webhooks.counts()).map((each) => [each.endpointId, each]));
    const now = instantNow(clock);
    return (await webhooks.endpoints(null))
      .filter(({ status }) => status !== 'removed')
      .map((endpoint) => standingShown(endpointShown(endpoint, now, masked), counts.get(endpoint.id)));
  }

  /** Needs `webhooks.read`; masked actors see of its URL where it points. @throws LmsError `WEBHOOK_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async get(actor: Actor, id: string): Promise<WebhookEndpointStanding> {
    const { access, webhooks, clock } = this.#ports;
    const { masked } = await access.require(actor, 'webhooks.read');
    const endpoint = await foundEndpoint(this.#ports.webhooks, null, id);
    const counts = (await webhooks.counts()).find(({ endpointId }) => endpointId === id);
    return standingShown(endpointShown(endpoint, instantNow(clock), masked), counts);
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
    return this.#changes.change(id, { type: 'webhook.updated', actor, command: 'webhooks.update', data }, (before) => {
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
    const endpoint = await this.#changes.change(id, done, (before) => {
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
   * Sends nothing more; what waits stays, and nothing new is queued. Needs `webhooks.manage`; the trail tells of it. One that was disabled by
   * itself counts as disabled by hand from then on: somebody saw it. One that was disabled by hand is left as it is.
   * @throws LmsError `WEBHOOK_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async disable(actor: Actor, id: string): Promise<WebhookEndpoint> {
    await this.#ports.access.require(actor, 'webhooks.manage');
    const data = { reason: 'by-hand' };
    return this.#changes.change(id, { type: 'webhook.disabled', actor, command: 'webhooks.disable', data }, (before) =>
      before.disabledReason === 'by-hand' ? null : { ...before, status: 'disabled', disabledReason: 'by-hand' },
    );
  }

  /**
   * Sends again: what waits, and what happens from now on. What happened meanwhile is not sent. Needs `webhooks.manage`; the trail tells of
   * it. One that is active is left as it is. @throws LmsError `WEBHOOK_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async enable(actor: Actor, id: string): Promise<WebhookEndpoint> {
    await this.#ports.access.require(actor, 'webhooks.manage');
    const toldFrom = await this.#changes.head();
    const done = { type: 'webhook.enabled', actor, command: 'webhooks.enable' } as const;
    return this.#changes.change(
      id,
      done,
      (before) =>
        before.status === 'active'
          ? null
          : { ...before, status: 'active', disabledReason: null, failingSince: null, toldFrom },
      toldFrom,
    );
  }

  /** Forgets an endpoint and its deliveries, for good. Needs `webhooks.manage`; the trail tells of it. @throws LmsError `WEBHOOK_NOT_FOUND` */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.#ports.access.require(actor, 'webhooks.manage');
    const done = { type: 'webhook.removed', actor, command: 'webhooks.remove' } as const;
    // Its deliveries may be many: housekeeping forgets them, and then the endpoint.
    await this.#changes.change(id, done, (before) => ({
      ...before,
      status: 'removed',
      disabledReason: null,
      secrets: [],
    }));
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
