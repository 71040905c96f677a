import { appendFileSync } from 'node:fs';
import { otherSystem } from '../other-system.js';
import { root } from './leads-of-point.js';
import type { CrashOperation } from './operation.js';
import {
  cameIn,
  cancelTimer,
  deliveriesOf,
  disabledWebhook,
  endpointsOf,
  insertedDelivery,
  neverTypes,
  pointedAt,
  sendAll,
  senderTo,
  told,
} from './webhooks-of-point.js';

/** What is sent to webhooks. */
export const deliveryOperations: readonly CrashOperation[] = [
  {
    name: 'replay a delivery',
    async prepare({ lms, damage }, subject) {
      const endpoint = await disabledWebhook(lms, subject);
      // Housekeeping forgets what is older.
      const at = new Date().toISOString();
      await damage([insertedDelivery(endpoint, { status: 'dead', at, attempts: 10 })]);
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
    name: 'dismiss a delivery',
    async prepare({ lms, damage }, subject) {
      const endpoint = await disabledWebhook(lms, subject);
      const at = new Date().toISOString();
      await damage([insertedDelivery(endpoint, { status: 'dead', at, attempts: 10 })]);
      return [endpoint];
    },
    async run(lms, { leads: [id = ''] }) {
      await lms.as(root).webhooks.dismiss({ deliveryId: id });
    },
    signs: (state, { leads: [id] }) => ({
      'it is dismissed': state.webhookDeliveries.some((each) => each.id === id && each.status === 'dismissed'),
      'its row of the trail': told(state, 'webhook.dismissed', id) === 1,
    }),
  },
  {
    name: 'test a webhook',
    async run(_lms, subject, { storage }) {
      await using there = await otherSystem((_request, response) => response.end());
      const sender = await senderTo(storage, there);
      const id = await pointedAt(sender, subject, `${there.url}/${subject.tag}`, neverTypes);
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
      await cancelTimer(sender, subject);
      await sender.tick();
      const [left] = (await me.webhooks.deliveries({ endpointId: id, status: 'waiting' })).deliveries;
      // What the process that died had in hand would be sent again when its lease has ended.
      if (left !== undefined) await me.webhooks.replay({ deliveryId: left.id });
      await sender.tick();
      await me.webhooks.disable(id);
    },
    signs(state, { tag }) {
      const own = deliveriesOf(state, tag);
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
  {
    name: 'tell a webhook that is gone',
    async run(_lms, subject, { storage }) {
      await using there = await otherSystem((_request, response) => {
        response.statusCode = 410;
        response.end();
      });
      const sender = await senderTo(storage, there);
      const known = (await sender.as(root).webhooks.list()).find(({ description }) => description === subject.tag);
      // As a caller who heard nothing: one that is known to be gone is not asked again.
      if (known?.disabledReason === 'gone') return;
      await pointedAt(sender, subject, `${there.url}/${subject.tag}`, ['timer.cancelled']);
      await cancelTimer(sender, subject);
      await sendAll(storage, there);
    },
    signs(state, { tag }) {
      const own = deliveriesOf(state, tag);
      const [endpoint] = endpointsOf(state, tag);
      return {
        'the webhook, once, disabled': endpointsOf(state, tag).length === 1 && endpoint?.status === 'disabled',
        'its row of the trail': told(state, 'webhook.disabled', endpoint?.id) === 1,
        'one delivery, given up': own.length === 1 && own[0]?.status === 'dead',
      };
    },
    units(state, { tag }) {
      const [endpoint] = endpointsOf(state, tag);
      return [
        {
          'it is disabled': endpoint?.status === 'disabled',
          'its row of the trail': told(state, 'webhook.disabled', endpoint?.id) === 1,
          'its delivery is given up': deliveriesOf(state, tag).some(({ status }) => status === 'dead'),
        },
      ];
    },
    alone: true,
  },
  {
    name: 'give a delivery up',
    async prepare({ lms, damage }, subject) {
      const endpoint = await disabledWebhook(lms, subject);
      const at = new Date().toISOString();
      await damage([insertedDelivery(endpoint, { status: 'waiting', at, attempts: 9 })]);
      return [endpoint];
    },
    async run(_lms, subject, { storage }) {
      const { output } = subject;
      await using there = await otherSystem(({ headers }, response) => {
        appendFileSync(output, `${headers['webhook-id']}\n`);
        response.statusCode = 500;
        response.end();
      });
      const sender = await senderTo(storage, there);
      const id = await pointedAt(sender, subject, `${there.url}/${subject.tag}`, neverTypes);
      await sendAll(storage, there);
      await sender.as(root).webhooks.disable(id);
    },
    signs(state, { tag }) {
      const own = deliveriesOf(state, tag);
      return {
        'one delivery, dead after its tries': own.length === 1 && own[0]?.status === 'dead' && own[0].attempts >= 10,
      };
    },
    async look(_lms, subject) {
      // The last try, and once more where the process that sent it could not write how it ended.
      const tries = cameIn(subject);
      return tries.length <= 2 && new Set(tries).size <= 1 ? [] : [`what is given up was sent as ${tries.join(' ')}`];
    },
    alone: true,
  },
];
