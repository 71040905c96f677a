import { afterAll, beforeAll, expect, it } from 'vitest';
import { otherSystem } from '../../../../test-support/other-system.js';
import { describeShapes } from '../../../../test-support/shapes.js';
import type { TestStore } from '../../../../test-support/store.js';
import { receiversAt, webhookStore, willingReceiver } from '../../../../test-support/webhook-desk.js';
import { createLms } from '../../../lms.js';
import { sqlite } from '../../../storage/sqlite.js';
import type { Storage } from '../../../storage/storage.js';

const url = 'https://hooks.example.com/lms';
const draft = { url, eventTypes: ['lead.created'] };

describeShapes((makeStorage) => {
  let desk: TestStore;
  let storage: Storage;
  beforeAll(async () => {
    storage = await makeStorage();
    desk = await webhookStore(storage, { mostEndpoints: 4 });
  });
  afterAll(() => desk.lms.close());

  it('refuses what is none, where nothing may be sent, and whoever may not', async () => {
    const { admin, user } = desk;
    const invalid = { code: 'INPUT_INVALID' };
    for (const eventTypes of [[], ['lead'], ['*.created'], ['Lead.*'], Array.from({ length: 51 }, () => '*')]) {
      await expect(admin.webhooks.add({ url, eventTypes })).rejects.toMatchObject(invalid);
    }
    for (const target of [
      'http://hooks.example.com',
      'https://10.1.2.3/',
      'https://127.1/',
      'https://u:p@a.example/',
    ]) {
      await expect(admin.webhooks.add({ ...draft, url: target })).rejects.toMatchObject({ code: 'OUTBOUND_REFUSED' });
    }
    await expect(admin.webhooks.get('none')).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
    await expect(admin.webhooks.replay({ deliveryId: 'none' })).rejects.toMatchObject(invalid);

    const denied = { code: 'PERMISSION_DENIED' };
    const agent = await user('ravi', ['agent']);
    await expect(agent.webhooks.list()).rejects.toMatchObject(denied);
    const auditor = await user('meera', ['auditor']);
    expect(await auditor.webhooks.list()).toEqual([]);
    await expect(auditor.webhooks.add(draft)).rejects.toMatchObject(denied);
  });

  it('shows to masked actors of a URL where it points: the rest may be a secret', async () => {
    const { admin, user } = desk;
    const secretUrl = `${url}/T0/B0/x9?token=s3cret#part`;
    const { endpoint } = await admin.webhooks.add({ ...draft, url: secretUrl });
    expect(endpoint.url).toBe(secretUrl);
    const auditor = await user('devi', ['auditor']);
    const masked = 'https://hooks.example.com/…';
    expect(await auditor.webhooks.list()).toMatchObject([{ url: masked }]);
    expect(await auditor.webhooks.get(endpoint.id)).toMatchObject({ url: masked });
    expect(await admin.webhooks.get(endpoint.id)).toMatchObject({ url: secretUrl });
    await admin.webhooks.remove(endpoint.id);
    // Forgotten, it takes no place of others.
    await desk.lms.tick();
  });

  it('never has more endpoints than allowed, however many are added at once, and shows each secret once', async () => {
    const { admin } = desk;
    const added = await Promise.allSettled(Array.from({ length: 8 }, () => admin.webhooks.add(draft)));
    const done = added.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const reasons = added.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(done).toHaveLength(4);
    for (const reason of reasons) expect(reason).toMatchObject({ code: 'LIMIT_EXCEEDED' });
    expect(new Set(done.map(({ secret }) => secret)).size).toBe(4);
    for (const { secret } of done) expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const listed = await admin.webhooks.list();
    expect(listed.map(({ id }) => id).sort()).toEqual(done.map(({ endpoint }) => endpoint.id).sort());
    expect(JSON.stringify(listed)).not.toContain('whsec_');
    for (const { sealed } of (await storage.webhooks.endpoints(null)).flatMap(({ secrets }) => secrets)) {
      expect(sealed).not.toContain('whsec_');
    }
    for (const { endpoint } of done.slice(1)) await admin.webhooks.remove(endpoint.id);
  });

  it('changes what is named, of the version that was seen', async () => {
    const { admin } = desk;
    const [{ id = '' } = {}] = await admin.webhooks.list();
    const changed = await admin.webhooks.update(id, { include: 'masked', productLines: ['demat'] });
    expect(changed).toMatchObject({ url, eventTypes: ['lead.created'], include: 'masked', version: 2 });
    const stale = admin.webhooks.update(id, { include: 'ids' }, { expectedVersion: 1 });
    await expect(stale).rejects.toMatchObject({ code: 'WEBHOOK_CONFLICT', details: { currentVersion: 2 } });
    await expect(admin.webhooks.update(id, {})).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const rotated = await Promise.all([1, 2].map(() => admin.webhooks.rotateSecret(id)));
    expect(new Set(rotated.map(({ secret }) => secret)).size).toBe(2);
    expect(await admin.webhooks.get(id)).toMatchObject({ signingSecrets: 3, version: 4 });
    expect((await admin.webhooks.rotateSecret(id, { overlap: '0' })).endpoint).toMatchObject({ signingSecrets: 1 });
    const { rows } = await admin.audit.list({ aggregateKind: 'webhook', aggregateId: id, limit: 10 });
    expect(rows.map(({ eventType }) => eventType)).toEqual([
      'webhook.secret_rotated',
      'webhook.secret_rotated',
      'webhook.secret_rotated',
      'webhook.updated',
      'webhook.added',
    ]);
    expect(JSON.stringify(rows)).not.toContain('/lms');
  });
});

it('tests a receiver at once, and says how it took it', async () => {
  let status = 200;
  await using there = await otherSystem((_request, response) => {
    response.statusCode = status;
    response.end();
  });
  const { admin, lms } = await webhookStore(sqlite({ file: ':memory:' }), receiversAt([there]));
  await using _closing = lms;
  const { endpoint } = await admin.webhooks.add({ url: there.url, eventTypes: ['lead.*'] });
  await admin.webhooks.disable(endpoint.id);
  const test = await admin.webhooks.test(endpoint.id);
  expect(test).toMatchObject({ ok: true, status: 200, code: null });
  expect(there.received[0]?.headers['webhook-id']).toBe(test.id);
  expect(JSON.parse(there.received[0]?.body ?? '')).toMatchObject({ type: 'webhook.test' });
  status = 404;
  expect(await admin.webhooks.test(endpoint.id)).toMatchObject({ ok: false, status: 404 });
  const { rows } = await admin.audit.list({ eventType: 'webhook.tested', limit: 5 });
  expect(rows.map(({ changes }) => changes)).toMatchObject([{ status: 404 }, { status: 200 }]);
});

it('shows deliveries in pages, whatever their number', async () => {
  await using there = await willingReceiver();
  const { admin, lms, user } = await webhookStore(sqlite({ file: ':memory:' }), receiversAt([there]));
  await using _closing = lms;
  const { endpoint } = await admin.webhooks.add({ url: there.url, eventTypes: ['user.*'] });
  for (const id of ['a', 'b', 'c', 'd', 'e']) await user(id, ['agent']);
  await lms.tick();
  const seen: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = await admin.webhooks.deliveries({
      ...{ endpointId: endpoint.id, status: 'delivered', limit: 2 },
      ...(after === undefined ? {} : { after }),
    });
    seen.push(...page.deliveries.map(({ id }) => id));
    after = page.next;
  }
  expect(new Set(seen).size).toBe(5);
  expect(seen).toHaveLength(5);
  const bad = admin.webhooks.deliveries({ endpointId: endpoint.id, after: 'elsewhere' });
  await expect(bad).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
});

it('settings that are wrong are refused when the store is made', async () => {
  const storage = sqlite({ file: ':memory:' });
  await expect(createLms({ storage, webhooks: { concurrency: 0 } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  const network = { privateNetworks: ['everything'] };
  await expect(createLms({ storage, webhooks: { network } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
