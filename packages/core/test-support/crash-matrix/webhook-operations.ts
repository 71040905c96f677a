import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createLms, type Lms, type Storage } from '../../src/index.js';
import { type OtherSystem, otherSystem } from '../other-system.js';
import { receiversAt } from '../webhook-desk.js';
import { root } from './leads-of-point.js';
import { matrixKeys } from './matrix-keys.js';
import type { CrashOperation, PreparedSubject, Subject } from './operation.js';
import type { RawState } from './raw-state.js';

/** Nothing is ever so. */
const eventTypes = ['crash.never'];

async function addWebhook(lms: Lms, { tag }: PreparedSubject): Promise<string> {
  const url = `https://hooks.example/${tag}`;
  return (await lms.as(root).webhooks.add({ url, eventTypes, description: tag })).endpoint.id;
}

/** What waits is nobody's, and ticks of other points send nothing. */
async function disabledWebhook(lms: Lms, subject: PreparedSubject): Promise<string> {
  const id = await addWebhook(lms, subject);
  await lms.as(root).webhooks.disable(id);
  return id;
}

function endpointsOf({ webhookEndpoints }: RawState, tag: string): RawState['webhookEndpoints'] {
  return webhookEndpoints.filter(({ description }) => description === tag);
}

function stands(state: RawState, tag: string, status: string, version: number): boolean {
  const own = endpointsOf(state, tag);
  return own.length === 1 && own[0]?.status === status && own[0].version === version;
}

function told({ audit }: RawState, eventType: string, id: string | undefined): number {
  return audit.filter((row) => row.eventType === eventType && row.aggregateId === id).length;
}

/** A store that may send to a receiver on this machine. */
function senderTo(storage: Storage, there: OtherSystem): Promise<Lms> {
  return createLms({ storage, key: matrixKeys, webhooks: { ...receiversAt([there]), mostEndpoints: 10_000 } });
}

/** The webhook of a point, at where its receiver is now. */
async function pointedAt(lms: Lms, { tag }: Subject, url: string, types: readonly string[]): Promise<string> {
  const { webhooks } = lms.as(root);
  const known = (await webhooks.list()).find(({ description }) => description === tag);
  if (known === undefined) return (await webhooks.add({ url, eventTypes: types, description: tag })).endpoint.id;
  await webhooks.update(known.id, { url });
  await webhooks.enable(known.id);
  return known.id;
}

/** Ids of the messages that came in, which outlive the process that was cut. */
function cameIn({ output }: Subject): readonly string[] {
  return existsSync(output) ? readFileSync(output, 'utf8').trim().split('\n') : [];
}

/** Outgoing webhooks, and what is done to them. */
export const webhookOperations: readonly CrashOperation[] = [
  {
    name: 'add a webhook',
    async run(lms, subject) {
      // As a caller who heard nothing: what is there is not added again.
      const known = await lms.as(root).webhooks.list();
      if (!known.some(({ description }) => description === subject.tag)) await addWebhook(lms, subject);
    },
    signs: (state, { tag }) => ({
      'the webhook, once': stands(state, tag, 'active', 1),
      'its row of the trail': told(state, 'webhook.added', endpointsOf(state, tag)[0]?.id) === 1,
    }),
  },
  {
    name: 'change a webhook',
    prepare: async ({ lms }, subject) => [await disabledWebhook(lms, subject)],
    async run(lms, { leads: [id = ''] }) {
      await lms.as(root).webhooks.update(id, { include: 'masked' }, { expectedVersion: 2 });
    },
    doneAlready: ['WEBHOOK_CONFLICT'],
    signs: (state, { tag, leads }) => ({
      'its new version': stands(state, tag, 'disabled', 3),
      'its row of the trail': told(state, 'webhook.updated', leads[0]) === 1,
    }),
  },
  {
    name: 'rotate the secret of a webhook',
    prepare: async ({ lms }, subject) => [await disabledWebhook(lms, subject)],
    async run(lms, { leads: [id = ''] }) {
      await lms.as(root).webhooks.rotateSecret(id, { expectedVersion: 2 });
    },
    doneAlready: ['WEBHOOK_CONFLICT'],
    signs: (state, { tag, leads }) => ({
      'its new version': stands(state, tag, 'disabled', 3),
      'its row of the trail': told(state, 'webhook.secret_rotated', leads[0]) === 1,
    }),
  },
  {
    name: 'disable a webhook',
    prepare: async ({ lms }, subject) => [await addWebhook(lms, subject)],
    async run(lms, { leads: [id = ''] }) {
      await lms.as(root).webhooks.disable(id);
    },
    signs: (state, { tag, leads }) => ({
      'it is disabled': stands(state, tag, 'disabled', 2),
      'its row of the trail': told(state, 'webhook.disabled', leads[0]) === 1,
    }),
  },
  {
    name: 'enable a webhook',
    prepare: async ({ lms }, subject) => [await disabledWebhook(lms, subject)],
    async run(lms, { leads: [id = ''] }) {
      await lms.as(root).webhooks.enable(id);
    },
    signs: (state, { tag, leads }) => ({
      'it is active': stands(state, tag, 'active', 3),
      'its row of the trail': told(state, 'webhook.enabled', leads[0]) === 1,
    }),
  },
  {
    name: 'remove a webhook',
    prepare: async ({ lms }, subject) => [await disabledWebhook(lms, subject)],
    async run(lms, { leads: [id = ''] }) {
      await lms.as(root).webhooks.remove(id);
    },
    doneAlready: ['WEBHOOK_NOT_FOUND'],
    signs: (state, { tag, leads }) => ({
      'it is gone': endpointsOf(state, tag).every(({ status }) => status === 'removed'),
      'its row of the trail': told(state, 'webhook.removed', leads[0]) === 1,
    }),
  },
  {
    name: 'replay a delivery',
    async prepare({ lms, damage }, subject) {
      const endpoint = await disabledWebhook(lms, subject);
      // Housekeeping forgets what is older.
      const at = new Date().toISOString();
      // Ids of a row that is of nothing else: those of the webhook.
      await damage([
        `INSERT INTO webhook_deliveries (id, endpoint_id, event_id, event_type, aggregate_kind, aggregate_id, payload, made_at, status, at, attempts, fence, failures) VALUES ('${endpoint}', '${endpoint}', '${endpoint}', 'crash.never', 'lead', 'none', '{}', '${at}', 'dead', '${at}', 10, 10, '[]')`,
      ]);
      return [endpoint];
    },
    async run(lms, { leads: [id = ''] }) {
      await lms.as(root).webhooks.replay({ deliveryId: id });
    },
    signs: ({ webhookDeliveries, ...state }, { leads: [id] }) => ({
      'it waits as if never tried': webhookDeliveries.some(
        (each) => each.id === id && each.status === 'waiting' && each.attempts === 0 && each.fence === 11,
      ),
      'its row of the trail': told({ webhookDeliveries, ...state }, 'webhook.replayed', id) === 1,
    }),
  },
  {
    name: 'test a webhook',
    async run(_lms, subject, { storage }) {
      await using there = await otherSystem((_request, response) => response.end());
      const sender = await senderTo(storage, there);
      const id = await pointedAt(sender, subject, `${there.url}/${subject.tag}`, eventTypes);
      await sender.as(root).webhooks.test(id);
    },
    // A caller who heard nothing tests again.
    signs: (state, { tag }) => ({
      'the webhook, once': endpointsOf(state, tag).length === 1,
      'a row of the trail': told(state, 'webhook.tested', endpointsOf(state, tag)[0]?.id) > 0,
    }),
    inParts: true,
  },
  {
    name: 'tell a webhook',
    async run(_lms, subject, { storage }) {
      const { tag, output } = subject;
      await using there = await otherSystem(({ headers }, response) => {
        appendFileSync(output, `${headers['webhook-id']}\n`);
        response.end();
      });
      const sender = await senderTo(storage, there);
      const me = sender.as(root);
      const id = await pointedAt(sender, subject, `${there.url}/${tag}`, ['timer.cancelled']);
      const { rows } = await me.audit.list({ eventType: 'timer.cancelled', limit: 500 });
      if (!rows.some(({ changes }) => JSON.stringify(changes).includes(JSON.stringify(tag)))) {
        await me.timers.set({ key: tag, dueAt: '2200-01-01T00:00:00.000Z' });
        await me.timers.cancel(tag);
      }
      await sender.tick();
      const [left] = (await me.webhooks.deliveries({ endpointId: id, status: 'waiting' })).deliveries;
      // What the process that died had in hand would be sent again when its lease has ended.
      if (left !== undefined) await me.webhooks.replay({ deliveryId: left.id });
      await sender.tick();
      await me.webhooks.disable(id);
    },
    signs(state, { tag }) {
      const [endpoint] = endpointsOf(state, tag);
      const own = state.webhookDeliveries.filter(({ endpointId }) => endpointId === endpoint?.id);
      return {
        'the webhook, once': endpointsOf(state, tag).length === 1,
        'one delivery, delivered': own.length === 1 && own[0]?.status === 'delivered',
      };
    },
    inParts: true,
    async look(_lms, subject) {
      const ids = new Set(cameIn(subject));
      return ids.size <= 1 ? [] : [`one event came in under several ids: ${[...ids].join(' ')}`];
    },
    alone: true,
  },
];
