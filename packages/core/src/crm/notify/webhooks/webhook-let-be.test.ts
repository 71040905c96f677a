import { expect, it } from 'vitest';
import { otherSystem } from '../../../../test-support/other-system.js';
import { loanLead } from '../../../../test-support/store.js';
import { receiversAt, webhookStore } from '../../../../test-support/webhook-desk.js';
import { sqlite } from '../../../storage/sqlite.js';

it('what was given up can be let be: nobody is told of it any more, and it can still be replayed', async () => {
  let status = 410;
  await using there = await otherSystem((_request, response) => {
    response.statusCode = status;
    response.end();
  });
  const { admin, lms, clock } = await webhookStore(sqlite({ file: ':memory:' }), receiversAt([there]));
  await using _closing = lms;
  const { id } = (await admin.webhooks.add({ url: there.url, eventTypes: ['lead.created'] })).endpoint;
  await admin.leads.create(loanLead());
  const since = new Date(clock.now()).toISOString();
  await admin.leads.create(loanLead());
  await lms.tick();
  const dead = (await admin.webhooks.deliveries({ endpointId: id })).deliveries;
  expect(dead.map((each) => each.status)).toEqual(['dead', 'dead']);
  const [first] = dead;
  const deliveryId = first?.id ?? '';
  expect(await admin.webhooks.dismiss({ deliveryId })).toEqual({ dismissed: 1, more: false });
  expect(await admin.webhooks.dismiss({ deliveryId }), 'again').toEqual({ dismissed: 0, more: false });
  expect((await lms.health()).webhooks).toMatchObject({ ok: false, dead: 1 });
  expect(await admin.webhooks.dismiss({ endpointId: id, since })).toEqual({ dismissed: 1, more: false });
  await admin.webhooks.disable(id);
  expect((await lms.health()).webhooks).toMatchObject({ ok: true, dead: 0, waiting: 0 });
  const { deliveries } = await admin.webhooks.deliveries({ endpointId: id, status: 'dismissed' });
  expect(deliveries.map((each) => each.id).toSorted()).toEqual(dead.map((each) => each.id).toSorted());
  expect(deliveries).toMatchObject([{ failures: [{ status: 410 }] }, { failures: [{ status: 410 }] }]);

  status = 200;
  await admin.webhooks.enable(id);
  expect(await admin.webhooks.replay({ endpointId: id, since }), 'not by a time').toEqual({ replayed: 0, more: false });
  expect(await admin.webhooks.replay({ deliveryId })).toEqual({ replayed: 1, more: false });
  expect((await lms.tick()).webhooks).toMatchObject({ delivered: 1 });
  expect(await admin.webhooks.dismiss({ deliveryId }), 'one that was taken').toEqual({ dismissed: 0, more: false });
  const { rows } = await admin.audit.list({ eventType: 'webhook.dismissed', limit: 5 });
  expect(rows.map(({ changes }) => changes)).toMatchObject([{ since, count: 1 }, { deliveryId }]);

  clock.advance('91d');
  await lms.tick();
  expect((await admin.webhooks.deliveries({ endpointId: id, status: 'dismissed' })).deliveries).toEqual([]);
});

it('a round ends when it is told to: what is not answered is given back', async () => {
  const stop = new AbortController();
  await using there = await otherSystem(() => stop.abort());
  const { admin, lms } = await webhookStore(sqlite({ file: ':memory:' }), receiversAt([there]));
  await using _closing = lms;
  const { id } = (await admin.webhooks.add({ url: there.url, eventTypes: ['lead.created'] })).endpoint;
  await admin.leads.create(loanLead());
  const { webhooks } = await lms.tick({ signal: stop.signal });
  expect(webhooks).toMatchObject({ queued: 1, delivered: 0, failed: 0 });
  const waiting = await admin.webhooks.deliveries({ endpointId: id, status: 'waiting' });
  expect(waiting.deliveries).toMatchObject([{ attempts: 0, failures: [] }]);
  expect((await lms.tick({ signal: stop.signal })).webhooks, 'told before').toMatchObject({ queued: 0 });
});
