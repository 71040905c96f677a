import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChild } from '../../../../test-support/child.js';
import { startRedis } from '../../../../test-support/own-redis.js';
import type { OwnServer } from '../../../../test-support/own-server.js';
import { serverUrl } from '../../../../test-support/servers.js';
import { makePlace, type StorePlace } from '../../../../test-support/shapes.js';
import { newStore, openStore, type TestStore } from '../../../../test-support/store.js';
import { startTcpProxy } from '../../../../test-support/tcp-proxy.js';
import type { WakePlan } from '../../../../test-support/wake-child.js';
import { systemClock } from '../../kernel/index.js';
import type { JobHandler, JobSettings, Wakeup } from '../index.js';
import { bullmqWakeup } from './bullmq-wakeup.js';

const kind = 'test.woken';
const handler: JobHandler = { kind, run: async () => null };
/** Longer than any test: whoever hears nothing finds nothing. */
const neverMillis = 3_600_000;
const patience = { timeout: 20_000 };

let place: StorePlace;
let files: string;
beforeAll(async () => {
  place = await makePlace('mysql');
  files = await mkdtemp(join(tmpdir(), 'lms-redis-'));
  const { lms } = await newStore(place.handle(), undefined, { clock: systemClock });
  await lms.close();
});
afterAll(async () => {
  await place.remove();
  await rm(files, { recursive: true, force: true });
});

/** The same store in another process, so to speak. */
async function openWith(wakeup: Wakeup, jobs: JobSettings = {}): Promise<TestStore> {
  const settings = { pollMillis: neverMillis, handlers: [handler], ...jobs, wakeup };
  return openStore(place.handle(), undefined, { clock: systemClock, jobs: settings });
}

async function add(store: TestStore, count: number): Promise<readonly string[]> {
  const jobs = await Promise.all(
    Array.from({ length: count }, () => store.admin.jobs.add({ kind, payload: { mark: 'planted-mark' } })),
  );
  return jobs.map(({ id }) => id);
}

async function untilDone(store: TestStore, ids: readonly string[]): Promise<readonly unknown[]> {
  const left = new Set(ids);
  const results: unknown[] = [];
  const look = async (): Promise<number> => {
    for (const id of left) {
      const job = await store.admin.jobs.get(id);
      if (job.status !== 'done') break;
      expect(job.attempts).toBe(1);
      left.delete(id);
      results.push(job.result);
    }
    return left.size;
  };
  await expect.poll(look, patience).toBe(0);
  return results;
}

const finding = async ({ lms }: TestStore): Promise<unknown> =>
  (await lms.check()).find(({ name }) => name === 'wake-up');

it('wakes workers of other processes, one for each job while they are busy, and puts nothing but kinds into Redis', async () => {
  const redisUrl = serverUrl('REDIS_URL');
  const prefix = `test-${randomBytes(5).toString('hex')}`;
  const plan: WakePlan = { address: place.address, redisUrl, prefix, kind };
  const workers = await Promise.all([1, 2].map(() => startChild('./wake-child.ts', plan)));
  const adder = await openWith(bullmqWakeup({ url: redisUrl, prefix }));
  const pids = new Set<unknown>();
  for (let round = 0; round < 20 && pids.size < 2; round += 1) {
    for (const pid of await untilDone(adder, await add(adder, 10))) pids.add(pid);
  }
  expect(pids.size).toBe(2);
  const redis = new Redis(redisUrl);
  const keys = await redis.keys(`${prefix}:*`);
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    expect(key.startsWith(`${prefix}:${kind}:`)).toBe(true);
    expect((await redis.dumpBuffer(key))?.toString('latin1')).not.toMatch(/planted-mark|root/);
  }
  if (keys.length > 0) await redis.del(...keys);
  redis.disconnect();
  expect(await finding(adder)).toMatchObject({ ok: true, message: expect.stringMatching(/answers in \d+ ms/) });
  await adder.lms.close();
  const ending = performance.now();
  for (const end of await Promise.all(workers.map((worker) => worker.end()))) {
    expect(end).toMatchObject({ code: 0, stderr: '' });
  }
  expect(performance.now() - ending).toBeLessThan(15_000);
}, 60_000);

it('loses nothing and refuses nothing while Redis is killed, comes back and is emptied by hand', async () => {
  const folder = join(files, 'killed');
  let redis: OwnServer = await startRedis(folder);
  const url = `redis://${redis.address}`;
  const adding = await openWith(bullmqWakeup({ url }));
  const working = await openWith(bullmqWakeup({ url }));
  await working.lms.worker.start({ concurrency: 5 });
  await untilDone(adding, await add(adding, 20));

  const underLoad = add(adding, 60);
  await redis.stop();
  const added = [...(await underLoad), ...(await add(adding, 20))];
  expect(await finding(adding)).toMatchObject({ ok: false, message: expect.stringContaining('none is lost') });
  redis = await startRedis(folder, redis.port);
  await untilDone(adding, added);
  expect(await finding(adding)).toMatchObject({ ok: true });

  const client = new Redis(url);
  await client.flushall();
  client.disconnect();
  await untilDone(adding, await add(adding, 5));
  await redis.stop();
  const began = performance.now();
  await Promise.all([adding.lms.close(), working.lms.close()]);
  expect(performance.now() - began).toBeLessThan(15_000);
}, 60_000);

it('keeps nobody waiting for a Redis that is silent, and its workers look by themselves', async () => {
  const redis = await startRedis(join(files, 'silent'));
  const proxy = await startTcpProxy(redis.port);
  const url = `redis://127.0.0.1:${proxy.port}`;
  const adding = await openWith(bullmqWakeup({ url }));
  const working = await openWith(bullmqWakeup({ url }), { pollMillis: 200 });
  await working.lms.worker.start();
  await untilDone(adding, await add(adding, 3));
  void proxy.cutNext({ when: 'ping', at: 'all-silent' });
  expect(await finding(adding)).toMatchObject({ ok: false });
  const began = performance.now();
  const ids = await add(adding, 10);
  expect(performance.now() - began).toBeLessThan(5_000);
  await untilDone(adding, ids);
  const closing = performance.now();
  await Promise.all([adding.lms.close(), working.lms.close()]);
  expect(performance.now() - closing).toBeLessThan(15_000);
  await proxy.close();
  await redis.stop();
}, 60_000);
