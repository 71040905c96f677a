import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { otherSystem } from '../../../test-support/other-system.js';
import { caller, localTarget, type OutboundDesk, outboundDesk } from '../../../test-support/outbound-desk.js';
import { newStore } from '../../../test-support/store.js';
import { sqlite } from '../../storage/sqlite.js';
import { LmsError } from '../kernel/index.js';

const subject = { kind: 'lead', id: '019bc0de-0000-7000-8000-0000000000aa' };
const secrets = { read: async () => 'S3CRET-TOKEN' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-outbound-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function withKey(desk: OutboundDesk): Promise<void> {
  await desk.storage.unitOfWork.run('documents', (unit) => desk.dataKeys.create(unit, subject.kind, [subject.id]));
}

test('a call about a lead keeps what was sent and answered, sealed under its key, until the key is destroyed', async () => {
  await using there = await otherSystem((_, response) =>
    response.writeHead(201, { 'x-trace': 't1' }).end('{"score":742}'),
  );
  await using desk = await outboundDesk(
    localTarget(there, { headers: { authorization: { secret: { env: 'TOKEN' }, prefix: 'Bearer ' } } }),
    { secrets },
  );
  await withKey(desk);
  const { exchangeId } = await desk.call({
    method: 'POST',
    purpose: 'bureau-pull',
    path: '/pan/{pan}',
    parameters: { pan: 'ABCDE1234F' },
    query: { phone: '9876543210' },
    headers: { 'x-api-key': 'K3Y-PLAIN' },
    body: '{"name":"Asha Rao"}',
    subject,
    correlationId: 'c-1',
  });
  const record = await desk.exchanges.get(caller, exchangeId);
  expect(record).toMatchObject({
    target: 'there',
    purpose: 'bureau-pull',
    subject,
    actor: 'system:test',
    correlationId: 'c-1',
    method: 'POST',
    host: `127.0.0.1:${there.port}`,
    path: '/pan/{pan}',
    state: 'answered',
    status: 201,
    attempts: 1,
    requestBytes: 19,
    responseBytes: 13,
    content: 'shown',
    request: {
      url: `${there.url}/pan/ABCDE1234F?phone=9876543210`,
      headers: { authorization: '***', 'x-api-key': '***' },
      body: { text: '{"name":"Asha Rao"}' },
      cut: false,
    },
    response: { url: null, headers: { 'x-trace': 't1' }, body: { text: '{"score":742}' }, cut: false },
  });
  await desk.storage.unitOfWork.run('documents', (unit) =>
    desk.dataKeys.destroy(unit, subject.kind, subject.id, '2026-01-31T05:00:00.000Z'),
  );
  expect(await desk.exchanges.get(caller, exchangeId)).toMatchObject({
    content: 'erased',
    request: null,
    response: null,
  });
});

test('nothing personal and no secret is in the file of the store or in the log', async () => {
  const planted = ['ABCDE1234F', '9876543210', 'Asha Rao', 'S3CRET-TOKEN', 'K3Y-PLAIN', 'score-742', 'T00/B00/hook'];
  await using there = await otherSystem((_, response) => response.end('score-742'));
  {
    const storage = sqlite({ file: join(folder, 'lms.db') });
    await using desk = await outboundDesk(
      localTarget(there, { headers: { authorization: { secret: { env: 'TOKEN' } } }, retry: { attempts: 2 } }),
      { secrets, storage },
    );
    await withKey(desk);
    const personal = { parameters: { pan: 'ABCDE1234F' }, query: { phone: '9876543210' }, body: 'Asha Rao' };
    const request = { method: 'POST', path: '/pan/{pan}', headers: { 'x-api-key': 'K3Y-PLAIN' }, ...personal } as const;
    await desk.call({ ...request, subject });
    await desk.call(request);
    await using hooks = await outboundDesk(
      { network: { allowInsecure: true, ports: [there.port], privateHosts: ['127.0.0.1'] } },
      { storage: sqlite({ file: join(folder, 'hooks.db') }) },
    );
    const url = `${there.url}/services/T00/B00/hook?t=9876543210`;
    await hooks.client.call(caller, { target: 'there', purpose: 'hook', method: 'POST', url, body: 'Asha Rao' });
    const told = JSON.stringify([...desk.events, ...hooks.events]);
    expect(told).toContain('/pan/{pan}');
    expect(planted.filter((text) => told.includes(text))).toEqual([]);
  }
  const files = (await readdir(folder)).filter((name) => !name.endsWith('.key'));
  expect(files).toContain('lms.db');
  for (const name of files) {
    const content = (await readFile(join(folder, name))).toString('latin1');
    expect(planted.filter((text) => content.includes(text))).toEqual([]);
  }
});

test('of a call about nothing only sizes and keyed hashes are kept, equal for equal bodies', async () => {
  await using there = await otherSystem((_, response) => response.end('same'));
  await using desk = await outboundDesk(localTarget(there));
  const ids: string[] = [];
  for (const body of ['a', 'a', 'b']) ids.push((await desk.call({ method: 'POST', body })).exchangeId);
  const [first, second, third] = await Promise.all(ids.map((id) => desk.exchanges.get(caller, id)));
  expect(first).toMatchObject({ content: 'not-kept', request: null, requestBytes: 1, responseBytes: 4 });
  expect(first?.requestHash).toBe(second?.requestHash);
  expect(first?.requestHash).not.toBe(third?.requestHash);
  expect(first?.requestHash).toMatch(/^[\w-]{43}$/);
});

test('of a long body the beginning is kept, without half a letter; other bytes as base64', async () => {
  await using there = await otherSystem((_, response) => response.end(Buffer.from([0xff, 0xfe, 0, 1])));
  await using desk = await outboundDesk(localTarget(there), { recordedBytes: 10 });
  await withKey(desk);
  const { exchangeId } = await desk.call({ method: 'POST', body: 'नमस्ते', subject });
  expect(await desk.exchanges.get(caller, exchangeId)).toMatchObject({
    requestBytes: 18,
    request: { body: { text: 'नमस' }, cut: true },
    response: { body: { base64: '//4AAQ==' }, cut: false },
  });
});

test('the record is there before the request is: a process that dies leaves it open, and later unknown', async () => {
  const file = join(folder, 'lms.db');
  let seen: unknown;
  const reader = sqlite({ file });
  await using there = await otherSystem(async (_, response) => {
    seen = (await reader.exchanges.list({ limit: 1 }))[0];
    response.socket?.destroy();
  });
  const storage = sqlite({ file });
  await using desk = await outboundDesk(localTarget(there, { retry: { attempts: 1 } }), { storage });
  await reader.open();
  await expect(desk.call({ method: 'POST' })).rejects.toMatchObject({ code: 'OUTBOUND_OUTCOME_UNKNOWN' });
  expect(seen).toMatchObject({ end: 'open', finishedAt: null, attempts: 0 });
  const [failed] = (await desk.exchanges.list(caller)).exchanges;
  expect(failed).toMatchObject({ state: 'failed', code: 'OUTBOUND_OUTCOME_UNKNOWN', status: null, attempts: 1 });

  // As a process leaves it that dies before the answer.
  const open = await storage.exchanges.get(failed?.id ?? '');
  if (open === null) throw new Error('no record');
  const id = '019bc0de-0000-7000-8000-0000000000ff';
  await storage.unitOfWork.run('ledger', (unit) =>
    storage.exchanges.insert(unit, { ...open, id, end: 'open', finishedAt: null }),
  );
  expect(await desk.exchanges.get(caller, id)).toMatchObject({ state: 'running' });
  desk.clock.advance('16m');
  expect(await desk.exchanges.get(caller, id)).toMatchObject({ state: 'unknown', code: null });
  expect((await desk.exchanges.list(caller, { end: 'open' })).exchanges.map((exchange) => exchange.id)).toEqual([id]);
  await reader.close();
});

test('without a record nothing is sent; an answer that cannot be written down is an answer all the same', async () => {
  await using there = await otherSystem((_, response) => response.end('done'));
  const storage = sqlite({ file: ':memory:' });
  let failing: 'insert' | 'finish' | null = 'insert';
  const down = (): LmsError => new LmsError('STORE_UNAVAILABLE', { message: 'the planned outage' });
  const failingStorage = new Proxy(storage, {
    get(target, name) {
      if (name !== 'unitOfWork') return Reflect.get(target, name);
      return {
        oneDatabase: true,
        run: (...given: Parameters<typeof storage.unitOfWork.run>) => {
          if (failing === 'insert') return Promise.reject(down());
          if (failing === 'finish' && there.received.length > 0) return Promise.reject(down());
          return storage.unitOfWork.run(...given);
        },
      };
    },
  });
  failing = null;
  await using desk = await outboundDesk(localTarget(there), { storage: failingStorage });
  failing = 'insert';
  await expect(desk.call()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(there.received).toEqual([]);
  failing = 'finish';
  expect(await desk.call()).toMatchObject({ status: 200 });
  expect(desk.events.map(({ event }) => event)).toEqual([
    'outbound.failed',
    'outbound.unrecorded',
    'outbound.answered',
  ]);
  failing = null;
  expect((await desk.exchanges.list(caller)).exchanges).toMatchObject([{ state: 'running', attempts: null }]);
});

test('closing waits until the calls under way are answered and written down', async () => {
  await using there = await otherSystem((_, response) => {
    setTimeout(() => response.end('late'), 100);
  });
  const file = join(folder, 'lms.db');
  const store = await newStore(sqlite({ file }), '2026-01-15T04:30:00.000Z', {
    outbound: { targets: { bureau: localTarget(there) } },
  });
  const call = store.admin.outbound.call({ target: 'bureau', purpose: 'late', method: 'GET', path: '/' });
  await expect.poll(() => there.received.length).toBe(1);
  await store.lms.close();
  expect(await call).toMatchObject({ status: 200 });
  const reader = sqlite({ file });
  await reader.open();
  expect(await reader.exchanges.list({ limit: 5 })).toMatchObject([{ purpose: 'late', end: 'answered' }]);
  await reader.close();
});

test('through lms: admins call, auditors read records masked, agents neither; old records are forgotten by tick', async () => {
  await using there = await otherSystem((_, response) => response.end('{"score":742}'));
  const store = await newStore(sqlite({ file: ':memory:' }), '2026-01-15T04:30:00.000Z', {
    outbound: { targets: { bureau: localTarget(there) }, recordsKeptDays: 30 },
  });
  const auditor = await store.user('meera', ['auditor']);
  const agent = await store.user('ravi', ['agent']);
  const lead = await store.admin.leads.create({
    productLine: 'personal-loan',
    fields: { fullName: 'Asha Rao', mobile: '9876543210', loanAmount: '2 lakh', city: 'Pune' },
  });
  const request = {
    target: 'bureau',
    purpose: 'bureau-pull',
    method: 'GET',
    path: '/score',
    subject: { kind: 'lead', id: lead.id },
  } as const;
  const { exchangeId } = await store.admin.outbound.call(request);
  expect(await store.admin.exchanges.get(exchangeId)).toMatchObject({ content: 'shown', actor: 'user:root' });
  expect(await auditor.exchanges.get(exchangeId)).toMatchObject({ content: 'masked', request: null, response: null });
  expect((await auditor.exchanges.list({ subject: request.subject })).exchanges).toHaveLength(1);
  for (const refused of [agent.outbound.call(request), agent.exchanges.list(), auditor.outbound.call(request)]) {
    await expect(refused).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  }
  await expect(auditor.exchanges.get('nonsense')).rejects.toMatchObject({ code: 'EXCHANGE_NOT_FOUND' });
  await expect(auditor.exchanges.list({ limit: 501 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  store.clock.advance('29d');
  await store.lms.tick();
  expect((await auditor.exchanges.list()).exchanges).toHaveLength(1);
  store.clock.advance('2d');
  await store.lms.tick();
  expect((await auditor.exchanges.list()).exchanges).toEqual([]);
  await store.lms.close();
});

test('a budget of a month that still runs is not forgotten, however shortly records are kept', async () => {
  await using there = await otherSystem((_, response) => response.end());
  const budgets = [{ per: 'month', limit: 1 }] as const;
  const store = await newStore(sqlite({ file: ':memory:' }), '2026-01-05T04:30:00.000Z', {
    outbound: { targets: { bureau: localTarget(there, { budgets }) }, recordsKeptDays: 1 },
  });
  const call = (): Promise<unknown> =>
    store.admin.outbound.call({ target: 'bureau', purpose: 'bureau-pull', method: 'GET', path: '/score' });
  await call();
  store.clock.advance('8d');
  await store.lms.tick();
  expect((await store.admin.exchanges.list()).exchanges).toEqual([]);
  await expect(call()).rejects.toMatchObject({ code: 'OUTBOUND_BUDGET_SPENT' });
  await store.lms.close();
});
