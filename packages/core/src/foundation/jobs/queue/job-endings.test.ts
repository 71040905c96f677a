import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { breaking } from '../../../../test-support/broken-storages/breaking.js';
import { makePlace, type StorePlace } from '../../../../test-support/shapes.js';
import { newStore } from '../../../../test-support/store.js';
import type { Job, JobContext, JobHandler, JobSettings, Storage } from '../../../index.js';
import { systemClock } from '../../kernel/index.js';

let place: StorePlace;
let storage: Storage;

beforeEach(async () => {
  place = await makePlace('sqlite');
  storage = place.handle();
});

afterEach(() => place.remove());

/** The machine may be busy. */
const patience = { timeout: 20_000, interval: 20 };
const backoff = { firstMillis: 1, mostMillis: 4 };

async function openedWith(handlers: readonly JobHandler[], settings: JobSettings = {}, over: Storage = storage) {
  const jobs = { handlers, leaseMillis: 60_000, heartbeatMillis: 40, pollMillis: 50, ...settings };
  return newStore(over, undefined, { clock: systemClock, jobs });
}

/** Takes every running job from whoever has it. */
async function takeAllBack(): Promise<void> {
  // As if all leases had been written by a clock that was ahead.
  const now = new Date().toISOString();
  const lapse = { now, latest: now, limit: 10 };
  await storage.unitOfWork.run('ledger', (unit) => storage.jobs.lapse(unit, lapse));
}

/** A row that stands for what a try has done, and the end of the job with it. */
async function writeEffect({ job, finishIn }: JobContext): Promise<void> {
  await storage.unitOfWork.run('ledger', async (unit) => {
    const { id, actor, createdAt, correlationId } = job;
    const row = {
      kind: 'test.row',
      priority: 'low',
      maxAttempts: 1,
      payload: null,
      dedupeKey: null,
      via: null,
    } as const;
    const rowId = id.replace(/^.{8}/, 'effec700').replace(/.$/, String(job.attempts));
    await storage.jobs.insert(unit, [{ ...row, id: rowId, runAt: createdAt, createdAt, actor, correlationId }]);
    await finishIn(unit);
  });
}

it('an effect is there once where the worker has lost its lease when it writes it, and the lost try counts as failed', async () => {
  const errors: unknown[] = [];
  const handler: JobHandler = {
    kind: 'test.effect',
    backoff,
    async run(context) {
      if (context.job.attempts === 1) await takeAllBack();
      await writeEffect(context).catch((error: unknown) => {
        errors.push(error);
        throw error;
      });
      return undefined;
    },
  };
  const { lms, admin } = await openedWith([handler]);
  const job = await admin.jobs.add({ kind: 'test.effect', payload: null });
  await lms.worker.start();
  await expect.poll(async () => (await admin.jobs.get(job.id)).status, patience).toBe('done');
  expect(errors).toMatchObject([{ code: 'JOB_LEASE_LOST' }]);
  expect((await admin.jobs.list({ kind: 'test.row' })).jobs).toHaveLength(1);
  await lms.close();
  expect(lms.worker.report()).toMatchObject({ done: 1, failed: 1 });
});

it('a handler that goes on after its unit failed ends its job as it says, not when the lease does', async () => {
  const handler: JobHandler = {
    kind: 'test.swallowing',
    async run(context) {
      const failing = storage.unitOfWork.run('ledger', async (unit) => {
        await context.finishIn(unit, 'of the unit');
        throw new Error('the effect failed');
      });
      await failing.catch(() => undefined);
      return 'without the effect';
    },
  };
  const { lms, admin } = await openedWith([handler]);
  const job = await admin.jobs.add({ kind: 'test.swallowing', payload: null });
  await lms.worker.start();
  await expect.poll(async () => (await admin.jobs.get(job.id)).result, patience).toBe('without the effect');
  await lms.close();
  expect(lms.worker.report()).toMatchObject({ done: 1, failed: 0 });
});

it('a try that takes too long fails and is tried again; a handler that does not listen is left', async () => {
  const handler: JobHandler = {
    kind: 'test.slow',
    timeoutMillis: 30,
    maxAttempts: 2,
    backoff,
    async run({ signal }) {
      await sleep(60_000, undefined, { signal });
      return undefined;
    },
  };
  const deaf: JobHandler = {
    ...handler,
    kind: 'test.deaf',
    maxAttempts: 1,
    run: () => new Promise(() => undefined),
  };
  const { lms, admin } = await openedWith([handler, deaf]);
  const slow = await admin.jobs.add({ kind: 'test.slow', payload: null });
  const hanging = await admin.jobs.add({ kind: 'test.deaf', payload: null });
  await lms.worker.start();
  const dead = { status: 'dead', lastError: 'JOB_TIMEOUT' };
  await expect.poll(() => admin.jobs.get(slow.id), patience).toMatchObject({ ...dead, attempts: 2 });
  await expect.poll(() => admin.jobs.get(hanging.id), patience).toMatchObject({ ...dead, attempts: 1 });
  await lms.close();
  expect(lms.worker.report()).toMatchObject({ running: 0, done: 0, failed: 3 });
});

it('what cannot be kept as JSON ends a job at once, not after five tries', async () => {
  const circle: Record<string, never> = {};
  Object.assign(circle, { circle });
  let runs = 0;
  const handler: JobHandler = {
    kind: 'test.circle',
    backoff,
    async run() {
      runs += 1;
      return circle;
    },
  };
  const { lms, admin } = await openedWith([handler]);
  const job = await admin.jobs.add({ kind: 'test.circle', payload: null });
  await lms.worker.start();
  await expect
    .poll(() => admin.jobs.get(job.id), patience)
    .toMatchObject({ status: 'dead', lastError: 'INPUT_INVALID' });
  expect(runs).toBe(1);
  await lms.close();
});

it('what a handler threw is told in its process, whole, and whoever listens cannot end the job', async () => {
  const told: [unknown, Job][] = [];
  const thrown = new TypeError('x is undefined');
  const handler: JobHandler = {
    kind: 'test.broken',
    maxAttempts: 1,
    run: () => Promise.reject(thrown),
  };
  const onError: JobSettings['onError'] = (error, { job }) => {
    told.push([error, job]);
    throw new Error('nor can I');
  };
  const { lms, admin } = await openedWith([handler], { onError });
  const job = await admin.jobs.add({ kind: 'test.broken', payload: null });
  await lms.worker.start();
  await expect.poll(() => admin.jobs.get(job.id), patience).toMatchObject({ status: 'dead', lastError: 'INTERNAL' });
  expect(told).toMatchObject([[thrown, { id: job.id, kind: 'test.broken' }]]);
  await lms.close();
});

it('a kind with a cap is not kept waiting by a backlog of another: the urgent jobs are begun first', async () => {
  const begun: string[] = [];
  const busy: JobHandler = {
    kind: 'test.busy',
    async run({ job }) {
      begun.push(job.kind);
      await sleep(5);
      return undefined;
    },
  };
  const capped: JobHandler = { ...busy, kind: 'test.capped', concurrency: 1 };
  const { lms, admin } = await openedWith([busy, capped]);
  for (let at = 0; at < 20; at += 1) await admin.jobs.add({ kind: 'test.busy', payload: null });
  for (let at = 0; at < 2; at += 1) await admin.jobs.add({ kind: 'test.capped', payload: null, priority: 'high' });
  await lms.worker.start({ concurrency: 2 });
  await expect.poll(() => begun.length, patience).toBe(22);
  expect(begun[0]).toBe('test.capped');
  expect(begun.lastIndexOf('test.capped')).toBeLessThan(8);
  await lms.close();
});

it('what is claimed while a round ends is given back without having begun', async () => {
  const slow = breaking('jobs', (real) => ({
    async claim(unit, claim) {
      const claimed = await real.claim(unit, claim);
      await sleep(300);
      return claimed;
    },
  }))(storage);
  const handler: JobHandler = { kind: 'test.endless', run: () => new Promise(() => undefined) };
  const { lms, admin } = await openedWith([handler], {}, slow);
  const job = await admin.jobs.add({ kind: 'test.endless', payload: null });
  const { jobs } = await lms.tick({ jobs: { millis: 50 } });
  expect(jobs).toEqual({ done: 0, failed: 0, givenBack: 1 });
  expect(await admin.jobs.get(job.id)).toMatchObject({ status: 'waiting', attempts: 0 });
  await lms.close();
});

it('a round ends early when it is told to', async () => {
  const stop = new AbortController();
  const handler: JobHandler = {
    kind: 'test.long',
    async run({ signal }) {
      stop.abort();
      await sleep(60_000, undefined, { signal });
      return undefined;
    },
  };
  const { lms, admin } = await openedWith([handler]);
  await admin.jobs.add({ kind: 'test.long', payload: null });
  expect((await lms.tick({ jobs: { signal: stop.signal } })).jobs).toEqual({ done: 0, failed: 0, givenBack: 1 });
  await lms.close();
});
