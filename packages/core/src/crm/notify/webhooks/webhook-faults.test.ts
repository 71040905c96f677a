import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { testAuthority } from '../../../../test-support/certificates.js';
import { type Answering, type OtherSystem, otherSystem } from '../../../../test-support/other-system.js';
import { loanLead, type TestStore } from '../../../../test-support/store.js';
import { receiversAt, webhookStore, willingReceiver } from '../../../../test-support/webhook-desk.js';
import type { LmsOptions } from '../../../lms-options.js';
import { sqlite } from '../../../storage/sqlite.js';
import type { WebhookDelivery } from './webhook-endpoint.js';
import type { WebhookSettings } from './webhook-settings.js';
import type { DeliveryStatus } from './webhook-store.js';

const disposed: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of disposed.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

/** A store with an endpoint at each receiver, and one event that waits for them. */
async function deskFor(
  receivers: readonly OtherSystem[],
  more: WebhookSettings = {},
  options: Partial<LmsOptions> = {},
): Promise<TestStore & { readonly ids: readonly string[] }> {
  const settings = { ...receiversAt(receivers), ...more };
  const desk = await webhookStore(sqlite({ file: ':memory:' }), settings, options);
  disposed.push(...receivers, desk.lms);
  const ids: string[] = [];
  for (const { url } of receivers) {
    ids.push((await desk.admin.webhooks.add({ url: `${url}/hook`, eventTypes: ['lead.created'] })).endpoint.id);
  }
  await desk.admin.leads.create(loanLead());
  return { ...desk, ids };
}

async function only(
  { admin, ids }: Pick<TestStore, 'admin'> & { readonly ids: readonly string[] },
  status: DeliveryStatus,
): Promise<WebhookDelivery> {
  const { deliveries } = await admin.webhooks.deliveries({ endpointId: ids[0] ?? '', status });
  const [delivery] = deliveries;
  if (delivery === undefined || deliveries.length > 1) throw new Error(`${deliveries.length} deliveries are ${status}`);
  return delivery;
}

function millisUntil({ at }: WebhookDelivery, { clock }: Pick<TestStore, 'clock'>): number {
  return Date.parse(at) - clock.now();
}

it('an answer of 500 for a day is tried again by the schedule of the standard, then it is delivered', async () => {
  let status = 500;
  const there = await otherSystem((_request, response) => {
    response.statusCode = status;
    response.end();
  });
  const desk = await deskFor([there]);
  const begun = desk.clock.now();
  const pauses: number[] = [];
  for (;;) {
    await desk.lms.tick();
    const pause = millisUntil(await only(desk, 'waiting'), desk);
    if (desk.clock.now() + pause > begun + 86_400_000) break;
    pauses.push(pause / 1_000);
    desk.clock.advance(`${pause}ms`);
  }
  const standard = [5, 300, 1_800, 7_200, 18_000, 36_000];
  expect(pauses).toHaveLength(standard.length);
  for (const [at, pause] of pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(standard[at] ?? 0);
    expect(pause).toBeLessThanOrEqual((standard[at] ?? 0) * 1.2);
  }
  expect((await desk.admin.webhooks.list())[0]?.failingSince).not.toBeNull();
  status = 200;
  desk.clock.advance('20h');
  await desk.lms.tick();
  expect(await only(desk, 'delivered')).toMatchObject({ attempts: 8, deliveredStatus: 200 });
  expect((await only(desk, 'delivered')).failures).toHaveLength(7);
  expect((await desk.admin.webhooks.list())[0]).toMatchObject({ failingSince: null, status: 'active' });
  expect(new Set(there.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

it('where nobody hands out what happened, health says so', async () => {
  const desk = await deskFor([await willingReceiver()]);
  await desk.lms.tick({ webhooks: { limit: 0 } });
  expect((await desk.lms.health()).webhooks).toMatchObject({ ok: true, waiting: 0, behindMillis: 0 });
  desk.clock.advance('11m');
  expect((await desk.lms.health()).webhooks).toMatchObject({ ok: false, waiting: 0, behindMillis: 660_000 });
  const finding = (await desk.lms.check()).find(({ name }) => name === 'webhooks');
  expect(finding).toMatchObject({ ok: false, message: expect.stringContaining('is lms work running?') });
  await desk.lms.tick();
  expect((await desk.lms.health()).webhooks).toMatchObject({ ok: true, behindMillis: 0 });
});

it('gives up after ten tries, disables what fails for five days, and replays by hand', async () => {
  let status = 503;
  const there = await otherSystem((_request, response) => {
    response.statusCode = status;
    response.end();
  });
  const desk = await deskFor([there]);
  const { admin, lms, clock, ids } = desk;
  const since = new Date(clock.now()).toISOString();
  await lms.tick();
  for (let tries = 1; tries < 10; tries += 1) {
    clock.advance(`${millisUntil(await only(desk, 'waiting'), desk)}ms`);
    await lms.tick();
  }
  expect(await only(desk, 'dead')).toMatchObject({ attempts: 10 });
  expect((await lms.health()).webhooks).toMatchObject({ ok: false, dead: 1, disabled: 0 });
  const finding = (await lms.check()).find(({ name }) => name === 'webhooks');
  expect(finding).toMatchObject({ ok: false, message: expect.stringContaining('1 given up') });

  clock.advance('3d');
  await admin.leads.create(loanLead());
  await lms.tick();
  expect(await admin.webhooks.get(ids[0] ?? '')).toMatchObject({ status: 'disabled', disabledReason: 'failing' });
  const { rows } = await admin.audit.list({ eventType: 'webhook.disabled', limit: 5 });
  expect(rows).toMatchObject([{ actor: 'system:webhooks', changes: { reason: 'failing' } }]);
  expect((await lms.health()).webhooks).toMatchObject({ ok: false, disabled: 1 });
  expect(await admin.webhooks.disable(ids[0] ?? ''), 'somebody saw it').toMatchObject({ disabledReason: 'by-hand' });
  expect((await lms.health()).webhooks).toMatchObject({ disabled: 0 });

  status = 200;
  await admin.webhooks.enable(ids[0] ?? '');
  expect(await admin.webhooks.replay({ endpointId: ids[0] ?? '', since })).toEqual({ replayed: 1, more: false });
  expect(await admin.webhooks.replay({ endpointId: ids[0] ?? '', since })).toEqual({ replayed: 0, more: false });
  clock.advance('1m');
  expect((await lms.tick()).webhooks).toMatchObject({ delivered: 2, failed: 0 });
  expect((await lms.health()).webhooks).toMatchObject({ ok: true, dead: 0, waiting: 0 });
});

it('410 disables the endpoint at once', async () => {
  const there = await otherSystem((_request, response) => {
    response.statusCode = 410;
    response.end();
  });
  const desk = await deskFor([there]);
  await desk.lms.tick();
  expect(await only(desk, 'dead')).toMatchObject({ attempts: 1, failures: [{ status: 410, code: null }] });
  expect((await desk.admin.webhooks.list())[0]).toMatchObject({ status: 'disabled', disabledReason: 'gone' });
});

it('410 of the place where it was before says nothing of an endpoint that was moved meanwhile', async () => {
  const now = await willingReceiver();
  let move = async (): Promise<void> => undefined;
  const before = await otherSystem(async (_request, response) => {
    await move();
    response.statusCode = 410;
    response.end();
  });
  const desk = await deskFor([before, now]);
  const [id = '', other = ''] = desk.ids;
  await desk.admin.webhooks.remove(other);
  move = async () => {
    await desk.admin.webhooks.update(id, { url: now.url });
  };
  await desk.lms.tick();
  expect(await desk.admin.webhooks.get(id)).toMatchObject({ status: 'active', url: now.url });
  await desk.admin.leads.create(loanLead());
  expect((await desk.lms.tick()).webhooks).toMatchObject({ delivered: 1 });
});

it('is not disabled for failing where another of its deliveries was taken meanwhile', async () => {
  let answer: Answering = (_request, response) => response.writeHead(500).end();
  const there = await otherSystem((request, response, count) => answer(request, response, count));
  const desk = await deskFor([there]);
  const failingSince = async (): Promise<string | null> =>
    (await desk.admin.webhooks.get(desk.ids[0] ?? '')).failingSince;
  await desk.lms.tick();
  expect(await failingSince()).not.toBeNull();
  desk.clock.advance('6d');
  await desk.admin.leads.create(loanLead());
  answer = async (_request, response, count) => {
    // The first that comes is taken, and the other fails once that was written down.
    while (count > 2 && (await failingSince()) !== null) await nextTurn();
    response.writeHead(count === 2 ? 200 : 500).end();
  };
  expect((await desk.lms.tick()).webhooks).toMatchObject({ delivered: 1, failed: 1 });
  expect((await desk.admin.webhooks.list())[0]).toMatchObject({ status: 'active' });
});

it('one that hangs has failed, however short the rounds are in which it is tried', async () => {
  const desk = await deskFor([await otherSystem(() => undefined)]);
  expect((await desk.lms.tick({ webhooks: { millis: 300 } })).webhooks).toMatchObject({ delivered: 0, failed: 1 });
  expect(await only(desk, 'waiting')).toMatchObject({ attempts: 1, failures: [{ code: 'OUTBOUND_TIMEOUT' }] });
});

it('a body that is none has failed, and stops nothing else', async () => {
  const there = await willingReceiver();
  const storage = sqlite({ file: ':memory:' });
  const desk = await webhookStore(storage, receiversAt([there]));
  disposed.push(there, desk.lms);
  const lead = await desk.admin.leads.create(loanLead());
  await desk.admin.leads.erase(lead.id, { reason: 'person-asked' });
  const { endpoint } = await desk.admin.webhooks.add({ url: there.url, eventTypes: ['lead.created'] });
  const queued = { id: lead.id, endpointId: endpoint.id, eventId: lead.id, eventType: 'lead.created' };
  const delivery = {
    ...{ ...queued, aggregate: { kind: 'lead', id: lead.id } },
    ...{ payload: '{"changes": half', madeAt: new Date(desk.clock.now()).toISOString() },
  };
  await storage.unitOfWork.run('ledger', (unit) => storage.webhooks.insertDeliveries(unit, [delivery]));
  await desk.admin.leads.create(loanLead());
  expect((await desk.lms.tick()).webhooks).toMatchObject({ delivered: 1, failed: 1 });
  expect(await only({ ...desk, ids: [endpoint.id] }, 'waiting')).toMatchObject({ failures: [{ code: 'INTERNAL' }] });
});

it('waits as long as Retry-After says, when that is longer', async () => {
  const there = await otherSystem((_request, response) => {
    response.writeHead(429, { 'retry-after': '3600' });
    response.end();
  });
  const desk = await deskFor([there]);
  await desk.lms.tick();
  const pause = millisUntil(await only(desk, 'waiting'), desk);
  expect(pause).toBeGreaterThanOrEqual(3_600_000);
  expect(pause).toBeLessThanOrEqual(3_600_000 * 1.2);
});

it('one that hangs holds none of the others, and what is in hand is given back when the worker stops', async () => {
  const hanging = await otherSystem(() => undefined);
  const willing = await willingReceiver();
  const limits = { endpointConcurrency: 2, concurrency: 4, pollMillis: 20 };
  const desk = await deskFor([hanging, willing], limits);
  for (let count = 0; count < 20; count += 1) await desk.admin.leads.create(loanLead());
  await desk.lms.worker.start();
  await expect.poll(() => willing.received.length, { timeout: 15_000 }).toBe(21);
  await desk.lms.worker.stop({ timeoutMillis: 0 });
  expect(hanging.received).toHaveLength(2);
  expect(await desk.admin.webhooks.list()).toMatchObject([{ waiting: 21 }, { waiting: 0 }]);
  const { deliveries } = await desk.admin.webhooks.deliveries({ endpointId: desk.ids[0] ?? '', status: 'waiting' });
  expect(new Set(deliveries.map(({ attempts }) => attempts))).toEqual(new Set([0]));
});

interface Fault {
  readonly name: string;
  readonly answer: Answering;
  readonly settings?: WebhookSettings;
  readonly failure: { readonly status: number | null; readonly code: string | null };
}

const faults: readonly Fault[] = [
  {
    name: 'never answers',
    answer: () => undefined,
    settings: { timeoutMillis: 400 },
    failure: { status: null, code: 'OUTBOUND_TIMEOUT' },
  },
  {
    name: 'closes before it answers',
    answer: (_request, response) => response.destroy(),
    failure: { status: null, code: 'OUTBOUND_FAILED' },
  },
  {
    name: 'redirects to a private address',
    answer: (_request, response) => response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
    failure: { status: 307, code: null },
  },
  {
    name: 'refuses with a gigabyte',
    answer: (_request, response) => {
      response.writeHead(500, { 'content-length': '1000000000' });
      response.write('x'.repeat(100_000));
    },
    failure: { status: 500, code: 'OUTBOUND_TOO_LARGE' },
  },
];

it.each(faults)('a receiver that $name is tried again', async ({ answer, settings, failure }) => {
  const there = await otherSystem(answer);
  const desk = await deskFor([there], settings);
  expect((await desk.lms.tick()).webhooks).toMatchObject({ delivered: 0, failed: 1 });
  const waiting = await only(desk, 'waiting');
  expect(waiting).toMatchObject({ attempts: 1, failures: [failure] });
  expect(there.received).toHaveLength(1);
});

const taken: readonly Pick<Fault, 'name' | 'answer'>[] = [
  {
    name: 'sends a gigabyte after it',
    answer: (_request, response) => {
      response.writeHead(200, { 'content-length': '1000000000' });
      response.write('x'.repeat(100_000));
    },
  },
  {
    name: 'closes in the middle of its answer',
    answer: (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('x', () => response.destroy());
    },
  },
];

it.each(taken)('200 is success also from one that $name', async ({ answer }) => {
  const there = await otherSystem(answer);
  const desk = await deskFor([there]);
  expect((await desk.lms.tick()).webhooks).toMatchObject({ delivered: 1, failed: 0 });
  expect(await only(desk, 'delivered')).toMatchObject({ deliveredStatus: 200 });
});

it('a certificate of another host is not trusted, and nothing is sent', async () => {
  const authority = testAuthority();
  const { certificate: cert, key } = authority.issue('hooks.example');
  const there = await otherSystem((_request, response) => response.end(), { cert, key });
  const network = { ports: [there.port], privateHosts: ['127.0.0.1'] };
  const outbound = { secrets: { read: async () => authority.certificate } };
  const desk = await deskFor([there], { network, authorities: { env: 'CA' } }, { outbound });
  await desk.lms.tick();
  expect(await only(desk, 'waiting')).toMatchObject({ failures: [{ status: null, code: 'OUTBOUND_UNTRUSTED' }] });
  expect(there.received).toEqual([]);
});

it('a name that leads to this machine is refused when it is called', async () => {
  const there = await willingReceiver();
  const desk = await deskFor([there]);
  const url = `http://localhost:${there.port}/`;
  await desk.admin.webhooks.update(desk.ids[0] ?? '', { url });
  await desk.lms.tick();
  expect(await only(desk, 'waiting')).toMatchObject({ failures: [{ status: null, code: 'OUTBOUND_REFUSED' }] });
  expect(there.received).toEqual([]);
});

it.each([500, 429])('one that keeps answering %i is left alone for half a minute', async (status) => {
  const there = await otherSystem((_request, response) => {
    response.statusCode = status;
    response.end();
  });
  const desk = await deskFor([there], { endpointConcurrency: 5 });
  for (let count = 0; count < 40; count += 1) await desk.admin.leads.create(loanLead());
  await desk.lms.tick();
  const tried = there.received.length;
  expect(tried).toBeGreaterThanOrEqual(10);
  expect(tried).toBeLessThanOrEqual(15);
  desk.clock.advance('3s');
  await desk.lms.tick();
  expect(there.received).toHaveLength(tried);
  desk.clock.advance('28s');
  await desk.lms.tick();
  expect(there.received, 'one looks whether it is back').toHaveLength(tried + 1);
});
