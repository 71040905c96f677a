import type {
  DeliveryRequest,
  DeliveryStatus,
  WebhookChange,
  WebhookDelivery,
  WebhookDraft,
  WebhookEndpointSecret,
  WebhookInclude,
} from '@lms/core';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { parseDay } from '../input/day.js';
import { oneOf } from '../input/one-of.js';
import { table } from '../output/index.js';
import type { Session } from '../session.js';
import { endpointState, webhookView } from '../views/webhook-view.js';
import { nextPage } from './lead-list.js';

export interface WebhookAddOptions {
  readonly type: readonly string[];
  readonly product?: readonly string[];
  readonly include: string;
  readonly description?: string;
}

export interface WebhookUpdateOptions extends Partial<WebhookAddOptions> {
  readonly url?: string;
  readonly expectedVersion?: number;
}

export interface WebhookListOptions {
  readonly limit: number;
}

export interface DeliveryListOptions {
  readonly status: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Without a day one delivery is meant. */
export interface DeadDeliveryOptions {
  readonly since?: string;
}

const includes: readonly WebhookInclude[] = ['ids', 'masked'];
const statuses: readonly DeliveryStatus[] = ['waiting', 'delivered', 'dead', 'dismissed'];

export async function listWebhooks({ me, output }: Session, { limit }: WebhookListOptions): Promise<void> {
  const all = await me.webhooks.list();
  const endpoints = all.slice(0, limit);
  output.answer({ items: endpoints }, () =>
    endpoints.length === 0
      ? ''
      : table(
          endpoints,
          [
            { heading: 'Id', cell: ({ id }) => id },
            { heading: 'Url', cell: ({ url }) => url, minimum: 12 },
            { heading: 'Types', cell: ({ eventTypes }) => eventTypes.join(', '), minimum: 8, importance: 2 },
            { heading: 'State', cell: (endpoint) => endpointState(endpoint), minimum: 8, importance: 4 },
            { heading: 'Waiting', cell: ({ waiting }) => String(waiting), align: 'right', importance: 3 },
            { heading: 'Given up', cell: ({ dead }) => String(dead), align: 'right', importance: 3 },
          ],
          output,
        ),
  );
  if (all.length > limit) output.say(`${all.length - limit} more: --limit ${all.length}`);
  if (all.length === 0) output.say('Nobody outside is told of events: lms webhooks add URL --type TYPE');
}

export async function addWebhook(session: Session, url: string, options: WebhookAddOptions): Promise<void> {
  const { type: eventTypes, product: productLines, description } = options;
  const include = oneOf(options.include, includes, '--include');
  const draft: WebhookDraft = {
    ...{ url, eventTypes, include },
    ...(productLines === undefined ? {} : { productLines }),
    ...(description === undefined ? {} : { description }),
  };
  showSecret(session, await session.me.webhooks.add(draft), 'It is told of what happens from now on.');
}

export async function showWebhook({ me, output, format }: Session, id: string): Promise<void> {
  const endpoint = await me.webhooks.get(id);
  output.answer(endpoint, () => webhookView(endpoint, { format, style: output.style }));
}

export async function updateWebhook(session: Session, id: string, options: WebhookUpdateOptions): Promise<void> {
  const { me, output } = session;
  const { url, type: eventTypes, product, include, description, expectedVersion } = options;
  const change: WebhookChange = {
    ...(url === undefined ? {} : { url }),
    ...(eventTypes === undefined ? {} : { eventTypes }),
    ...(product === undefined ? {} : { productLines: product.filter((line) => line !== '') }),
    ...(include === undefined ? {} : { include: oneOf(include, includes, '--include') }),
    ...(description === undefined ? {} : { description }),
  };
  const endpoint = await me.webhooks.update(id, change, expectedVersion === undefined ? {} : { expectedVersion });
  output.answer(endpoint, () => endpoint.id);
  output.say(`Now at version ${endpoint.version}.`);
}

export async function testWebhook({ me, output }: Session, id: string): Promise<ExitCode> {
  const test = await me.webhooks.test(id);
  const { ok, status, code, durationMillis } = test;
  output.answer(test, () => `${ok ? 'Taken' : 'Not taken'}: ${status ?? code} after ${durationMillis} ms`);
  return ok ? exitCodes.ok : exitCodes.unavailable;
}

export async function rotateSecret(session: Session, id: string, overlap: string): Promise<void> {
  const rotated = await session.me.webhooks.rotateSecret(id, { overlap });
  const { overlapUntil } = rotated.endpoint;
  const meanwhile =
    overlapUntil === null
      ? 'Only the new secret signs.'
      : `The secrets before it sign too until ${session.format.time(overlapUntil)}.`;
  showSecret(session, rotated, meanwhile);
}

export async function disableWebhook({ me, output }: Session, id: string): Promise<void> {
  const endpoint = await me.webhooks.disable(id);
  output.answer(endpoint, () => 'Nothing more is sent to it; what waits stays.');
}

export async function enableWebhook({ me, output }: Session, id: string): Promise<void> {
  const endpoint = await me.webhooks.enable(id);
  output.answer(endpoint, () => 'It is told of what happens from now on, and of what waited.');
}

export async function removeWebhook(session: Session, id: string, yes: boolean): Promise<void> {
  const { me, output } = session;
  const { url } = await me.webhooks.get(id);
  await session.confirm(`Forget the webhook ${url} and its deliveries?`, { yes });
  await me.webhooks.remove(id);
  output.answer({ id, removed: true }, () => 'The webhook is removed.');
}

export async function listDeliveries(session: Session, id: string, options: DeliveryListOptions): Promise<void> {
  const { me, output, format } = session;
  const { limit, cursor } = options;
  const status = oneOf(options.status, statuses, '--status');
  const after = cursor === undefined ? {} : { after: cursor };
  const { deliveries, next } = await me.webhooks.deliveries({ endpointId: id, status, limit, ...after });
  output.answer({ items: deliveries, nextCursor: next }, () =>
    deliveries.length === 0
      ? ''
      : table(
          deliveries,
          [
            { heading: 'Id', cell: (delivery) => delivery.id },
            { heading: 'Event', cell: ({ eventType }) => eventType, minimum: 8, importance: 4 },
            { heading: 'About', cell: ({ aggregate }) => `${aggregate.kind} ${aggregate.id}`, minimum: 8 },
            { heading: status === 'waiting' ? 'Due' : 'Ended', cell: ({ at }) => format.time(at), importance: 2 },
            { heading: 'Tries', cell: ({ attempts }) => String(attempts), align: 'right' },
            { heading: 'Last answer', cell: lastAnswer, minimum: 6, importance: 3 },
          ],
          output,
        ),
  );
  if (deliveries.length === 0) output.say(`No delivery of it is ${status}.`);
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function replay(session: Session, id: string, options: DeadDeliveryOptions): Promise<void> {
  const replayed = await session.me.webhooks.replay(wantedOf(session, id, options));
  session.output.answer(replayed, () => {
    const more = replayed.more ? '; there are more: repeat the command' : '';
    return `${replayed.replayed} due now${more}; lms work or lms tick sends them.`;
  });
}

export async function dismiss(session: Session, id: string, options: DeadDeliveryOptions): Promise<void> {
  const dismissed = await session.me.webhooks.dismiss(wantedOf(session, id, options));
  session.output.answer(dismissed, () => {
    const more = dismissed.more ? '; there are more: repeat the command' : '';
    return `${dismissed.dismissed} dismissed${more}. Only what was given up can be.`;
  });
}

function wantedOf({ timeZone }: Session, id: string, { since }: DeadDeliveryOptions): DeliveryRequest {
  if (since === undefined) return { deliveryId: id };
  return { endpointId: id, since: parseDay(since, { flag: '--since', edge: 'from', timeZone }) };
}

function showSecret({ output }: Session, { endpoint, secret }: WebhookEndpointSecret, more: string): void {
  output.answer({ ...endpoint, secret }, () =>
    [`Webhook ${endpoint.id}`, `Secret  ${secret}`, `Keep the secret now: it is not shown again. ${more}`].join('\n'),
  );
}

function lastAnswer({ deliveredStatus, failures }: WebhookDelivery): string {
  const last = failures.at(-1);
  return String(deliveredStatus ?? last?.status ?? last?.code ?? '');
}
