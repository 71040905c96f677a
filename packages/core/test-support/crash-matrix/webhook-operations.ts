import { root } from './leads-of-point.js';
import type { CrashOperation } from './operation.js';
import { addWebhook, disabledWebhook, endpointsOf, stands, told } from './webhooks-of-point.js';

/** Receivers outside, and what is done to them. */
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
];
