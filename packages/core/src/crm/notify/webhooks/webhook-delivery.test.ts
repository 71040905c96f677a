import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OtherSystem, Received } from '../../../../test-support/other-system.js';
import { describeShapes } from '../../../../test-support/shapes.js';
import { loanLead, openStore, type TestStore } from '../../../../test-support/store.js';
import { receiversAt, webhookStore, willingReceiver } from '../../../../test-support/webhook-desk.js';
import type { Storage } from '../../../storage/storage.js';
import type { WebhookPayload } from './webhook-payload.js';

/** What came in, verified with the reference library of the standard. @throws where a signature does not fit */
function verified({ body, headers }: Received, secret: string): WebhookPayload {
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return new Webhook(secret).verify(body, texts) as WebhookPayload;
}

describeShapes(
  (makeStorage, tools) => {
    let there: OtherSystem;
    let storage: Storage;
    let desk: TestStore;
    beforeAll(async () => {
      there = await willingReceiver();
      storage = await makeStorage();
      desk = await webhookStore(storage, receiversAt([there]));
    });
    afterAll(async () => {
      await desk.lms.close();
      await there[Symbol.asyncDispose]();
    });

    /** What came in since the last look. */
    function cameIn(): OtherSystem['received'] {
      return there.received.splice(0);
    }

    async function removeAll(): Promise<void> {
      for (const { id } of await desk.admin.webhooks.list()) await desk.admin.webhooks.remove(id);
    }

    it('tells a receiver what happens from then on, signed by the standard, without personal data, once', async () => {
      const { admin, lms } = desk;
      await admin.leads.create(loanLead());
      const { endpoint, secret } = await admin.webhooks.add({ url: `${there.url}/hook?x=1`, eventTypes: ['lead.*'] });
      const lead = await admin.leads.create(loanLead({ fullName: 'Farah Iyer' }));
      expect((await lms.tick()).webhooks).toMatchObject({ delivered: 1, failed: 0 });
      expect((await lms.tick()).webhooks).toEqual({ queued: 0, delivered: 0, failed: 0 });

      const [message, ...more] = cameIn();
      expect(more).toEqual([]);
      if (message === undefined) throw new Error('nothing came in');
      expect(message).toMatchObject({ method: 'POST', url: '/hook?x=1' });
      expect(message.headers).toMatchObject({ 'content-type': 'application/json' });
      const { type, timestamp, data } = verified(message, secret);
      expect({ type, timestamp }).toEqual({ type: 'lead.created', timestamp: lead.createdAt });
      expect(data).toMatchObject({ aggregate: { kind: 'lead', id: lead.id, version: 1 }, actor: 'user:root' });
      expect(Object.keys(data).sort()).toEqual(['actor', 'aggregate', 'correlationId', 'eventId', 'typeVersion']);
      expect(() => verified({ ...message, body: `${message.body} ` }, secret)).toThrow();

      const page = await admin.webhooks.deliveries({ endpointId: endpoint.id, status: 'delivered' });
      expect(page).toMatchObject({
        deliveries: [{ id: message.headers['webhook-id'], attempts: 1, deliveredStatus: 204, failures: [] }],
        next: null,
      });
      expect(await admin.webhooks.get(endpoint.id)).toMatchObject({ waiting: 0, dead: 0, status: 'active' });
      await removeAll();
    });

    it('tells each only what it asked for: types, product lines, masked changes', async () => {
      const { admin, lms } = desk;
      const add = async (path: string, draft: object): Promise<string> =>
        (await admin.webhooks.add({ url: `${there.url}/${path}`, eventTypes: ['*'], ...draft })).secret;
      await add('moves', { eventTypes: ['lead.stage_changed'] });
      await add('other-line', { productLines: ['demat'] });
      const masked = await add('line', {
        eventTypes: ['lead.updated'],
        productLines: ['personal-loan'],
        include: 'masked',
      });
      const lead = await admin.leads.create(loanLead({ fullName: 'Farah Iyer', mobile: '9812345670' }));
      await admin.leads.update(lead.id, { fields: { mobile: '9812345671' } });
      await admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'connected' } });
      await admin.leads.move(lead.id, { to: 'contacted' });
      await lms.tick();
      const came = cameIn();
      expect(came.map(({ url, body }) => [url, JSON.parse(body).type]).sort()).toEqual([
        ['/line', 'lead.updated'],
        ['/moves', 'lead.stage_changed'],
      ]);
      const update = came.find(({ url }) => url === '/line');
      if (update === undefined) throw new Error('no update came in');
      expect(verified(update, masked).data.changes).toMatchObject({ fields: ['mobile'] });
      expect(update.body).not.toMatch(/981234567/);
      await removeAll();
    });

    it('sends nothing masked of a person who was erased meanwhile', async () => {
      const { admin, lms } = desk;
      await admin.webhooks.add({ url: there.url, eventTypes: ['lead.created'], include: 'masked' });
      const lead = await admin.leads.create(loanLead());
      const kept = await admin.leads.create(loanLead());
      await admin.leads.erase(lead.id, { reason: 'person-asked' });
      await lms.tick();
      const shown = new Map(cameIn().map(({ body }) => [JSON.parse(body).data.aggregate.id, JSON.parse(body).data]));
      expect(shown.get(lead.id)).toMatchObject({ changesOmitted: 'erased' });
      expect(shown.get(lead.id)).not.toHaveProperty('changes');
      expect(shown.get(kept.id)).toHaveProperty('changes');
      await removeAll();
    });

    it('signs with both secrets while a rotation lasts, then with the new one alone', async () => {
      const { admin, lms, clock } = desk;
      const { endpoint, secret: old } = await admin.webhooks.add({ url: there.url, eventTypes: ['lead.created'] });
      const rotated = await admin.webhooks.rotateSecret(endpoint.id, { overlap: '1m' });
      expect(rotated.endpoint).toMatchObject({ signingSecrets: 2, version: 2 });
      await admin.leads.create(loanLead());
      await lms.tick();
      for (const message of cameIn()) {
        expect(String(message.headers['webhook-signature']).split(' ')).toHaveLength(2);
        expect(verified(message, old)).toEqual(verified(message, rotated.secret));
      }
      clock.advance('61s');
      await admin.leads.create(loanLead());
      await lms.tick();
      const [last] = cameIn();
      if (last === undefined) throw new Error('nothing came in');
      expect(verified(last, rotated.secret).type).toBe('lead.created');
      expect(() => verified(last, old)).toThrow();
      await removeAll();
    });

    it('sends nothing to a disabled endpoint; once it is enabled what waited, and what happens from then on', async () => {
      const { admin, lms } = desk;
      const { endpoint } = await admin.webhooks.add({ url: there.url, eventTypes: ['lead.created'] });
      const waiting = await admin.leads.create(loanLead());
      await lms.tick({ webhooks: { limit: 0 } });
      await lms.tick({ webhooks: { millis: 0 } });
      expect(await admin.webhooks.get(endpoint.id)).toMatchObject({ waiting: 1 });
      expect(await admin.webhooks.disable(endpoint.id)).toMatchObject({ disabledReason: 'by-hand', version: 2 });
      expect(await admin.webhooks.disable(endpoint.id)).toMatchObject({ version: 2 });
      await admin.leads.create(loanLead());
      expect((await lms.tick()).webhooks).toEqual({ queued: 0, delivered: 0, failed: 0 });
      expect((await lms.health()).webhooks).toMatchObject({ ok: true, waiting: 1, disabled: 0 });
      await admin.webhooks.enable(endpoint.id);
      const after = await admin.leads.create(loanLead());
      await lms.tick();
      expect(cameIn().map(({ body }) => JSON.parse(body).data.aggregate.id)).toEqual([waiting.id, after.id]);
      await removeAll();
    });

    it('clocks do not decide what is told: where the feed ended when it was added, or enabled, does', async () => {
      const { admin, lms, clock } = desk;
      const toldOf = async (): Promise<readonly string[]> => {
        await lms.tick();
        return cameIn()
          .filter(({ url }) => url === '/late')
          .map(({ body }) => JSON.parse(body).data.aggregate.id);
      };
      await admin.webhooks.add({ url: `${there.url}/before`, eventTypes: ['lead.created'] });
      const before = await admin.leads.create(loanLead());
      const { endpoint } = await admin.webhooks.add({ url: `${there.url}/late`, eventTypes: ['lead.created'] });
      const anHourAgo = new Date(clock.now() - 3_600_000).toISOString();
      const behind = await openStore(await tools.anotherHandle(storage), anHourAgo);
      const after = await behind.admin.leads.create(loanLead());
      await behind.lms.close();
      expect(await toldOf()).toEqual([after.id]);
      await admin.webhooks.disable(endpoint.id);
      await admin.leads.create(loanLead());
      await admin.webhooks.enable(endpoint.id);
      const enabled = await admin.leads.create(loanLead());
      expect(await toldOf(), `and never of ${before.id}`).toEqual([enabled.id]);
      await removeAll();
    });

    it('replays one delivery under its id, and forgets what is old and what was removed', async () => {
      const { admin, lms, clock } = desk;
      const { endpoint } = await admin.webhooks.add({ url: there.url, eventTypes: ['lead.created'] });
      await admin.leads.create(loanLead());
      await lms.tick();
      const [first] = cameIn();
      const { deliveries } = await admin.webhooks.deliveries({ endpointId: endpoint.id, status: 'delivered' });
      const deliveryId = deliveries[0]?.id ?? '';
      expect(await admin.webhooks.replay({ deliveryId })).toEqual({ replayed: 1, more: false });
      expect(await admin.webhooks.replay({ deliveryId }), 'one that waits').toEqual({ replayed: 0, more: false });
      await lms.tick();
      const [again] = cameIn();
      expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
      expect(again?.body).toBe(first?.body);

      clock.advance('8d');
      await lms.tick();
      const left = await admin.webhooks.deliveries({ endpointId: endpoint.id, status: 'delivered' });
      expect(left.deliveries).toEqual([]);
      await expect(admin.webhooks.replay({ deliveryId })).rejects.toMatchObject({
        code: 'WEBHOOK_DELIVERY_NOT_FOUND',
      });
      await admin.webhooks.remove(endpoint.id);
      await expect(admin.webhooks.get(endpoint.id)).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
      await lms.tick();
      expect(await admin.webhooks.list()).toEqual([]);
      const { rows } = await admin.audit.list({ aggregateKind: 'webhook', aggregateId: endpoint.id, limit: 20 });
      expect(rows.map(({ eventType }) => eventType)).toEqual(['webhook.removed', 'webhook.replayed', 'webhook.added']);
      expect(JSON.stringify(rows)).not.toContain('whsec_');
    });

    it('several processes share what is due: each delivery is sent by one', async () => {
      const { admin, lms, clock } = desk;
      const now = new Date(clock.now()).toISOString();
      const other = await openStore(await tools.anotherHandle(storage), now, { webhooks: receiversAt([there]) });
      const { endpoint } = await admin.webhooks.add({ url: there.url, eventTypes: ['lead.created'] });
      for (let count = 0; count < 40; count += 1) await admin.leads.create(loanLead());
      // What one has in hand, another passes over, and finds with its next round.
      for (let left = 40; left > 0; left = (await admin.webhooks.get(endpoint.id)).waiting) {
        await Promise.all([lms.tick(), other.lms.tick(), lms.tick()]);
      }
      await other.lms.close();
      const ids = cameIn().map(({ headers }) => headers['webhook-id']);
      expect(ids).toHaveLength(40);
      expect(new Set(ids).size).toBe(40);
      await removeAll();
    });

    it('a worker sends what happens while it runs, and stops with nothing in hand', async () => {
      const { admin, lms } = desk;
      const { endpoint } = await admin.webhooks.add({ url: there.url, eventTypes: ['lead.created'] });
      await lms.worker.start();
      const made = [];
      for (let count = 0; count < 30; count += 1) made.push((await admin.leads.create(loanLead())).id);
      await expect.poll(() => there.received.length, { timeout: 20_000 }).toBe(30);
      await lms.worker.stop();
      const came = cameIn().map(({ body }) => JSON.parse(body).data.aggregate.id);
      expect([...came].sort()).toEqual([...made].sort());
      expect(await admin.webhooks.get(endpoint.id)).toMatchObject({ waiting: 0, dead: 0 });
      await removeAll();
    });
  },
  ['sqlite', 'hybrid'],
);
