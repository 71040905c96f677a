import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeShapes } from '../../../../test-support/shapes.js';
import { newStore, openStore, root } from '../../../../test-support/store.js';
import { type JobHandler, type JobSettings, LmsError, type LmsOptions } from '../../../index.js';
import { systemClock } from '../../kernel/index.js';

/** Leases and pauses of tests are short, and time is the machine's. */
function withHandlers(
  handlers: readonly JobHandler[],
  settings: JobSettings = {},
): Pick<LmsOptions, 'jobs'> & { clock: typeof systemClock } {
  return {
    clock: systemClock,
    jobs: { handlers, leaseMillis: 2_000, heartbeatMillis: 40, pollMillis: 50, ...settings },
  };
}

/** The machine may be busy. */
const patience = { timeout: 20_000, interval: 20 };
const backoff = { firstMillis: 1, mostMillis: 4 };

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

describeShapes((makeStorage, { anotherHandle }) => {
  it('runs a job in the name of who added it, keeps its progress and its result, and tells nobody else of them', async () => {
    const seen: unknown[] = [];
    let isSeen = false;
    const handler: JobHandler = {
      kind: 'test.kept',
      async run({ job, actor, progress }) {
        seen.push(actor, job.payload, job.attempts);
        progress({ step: 1 });
        await until(() => isSeen);
        return { answer: 42 };
      },
    };
    const { lms, admin, user } = await newStore(await makeStorage(), undefined, withHandlers([handler]));
    const agent = await user('ravi', ['agent']);
    const job = await admin.jobs.add({ kind: 'test.kept', payload: { lead: 'L-1' } });
    await expect(agent.jobs.get(job.id)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(agent.jobs.add({ kind: 'test.kept', payload: null })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    await lms.worker.start();
    await expect.poll(async () => (await admin.jobs.get(job.id)).progress, patience).toEqual({ step: 1 });
    isSeen = true;
    await expect.poll(async () => (await admin.jobs.get(job.id)).status, patience).toBe('done');
    expect(await admin.jobs.get(job.id)).toMatchObject({ result: { answer: 42 }, attempts: 1, worker: null });
    expect(seen).toEqual([root, { lead: 'L-1' }, 1]);
    await lms.close();
    expect(lms.worker.report()).toMatchObject({ running: 0, done: 1, failed: 0, lastError: null });
  });

  it('tries again what may pass until it is dead, and what cannot pass not at all; a retry by hand begins anew', async () => {
    let isMended = false;
    const handlers: JobHandler[] = [
      {
        kind: 'test.failing',
        maxAttempts: 3,
        backoff,
        run: async () => {
          if (isMended) return undefined;
          throw new Error('somebody at 98765 43210 did not answer');
        },
      },
      {
        kind: 'test.refused',
        run: async () => {
          throw new LmsError('INPUT_INVALID', { message: 'never' });
        },
      },
    ];
    const { lms, admin } = await newStore(await makeStorage(), undefined, withHandlers(handlers));
    const failing = await admin.jobs.add({ kind: 'test.failing', payload: null });
    const refused = await admin.jobs.add({ kind: 'test.refused', payload: null });
    await lms.worker.start();
    const dead = { status: 'dead' } as const;
    await expect.poll(async () => (await admin.jobs.list(dead)).jobs.length, patience).toBe(2);
    expect(await admin.jobs.get(failing.id)).toMatchObject({ attempts: 3, lastError: 'INTERNAL' });
    expect(await admin.jobs.get(refused.id)).toMatchObject({ attempts: 1, lastError: 'INPUT_INVALID' });
    expect((await lms.health()).jobs).toMatchObject({ dead: 2, ok: false });
    isMended = true;
    await admin.jobs.retry(failing.id);
    await expect.poll(async () => (await admin.jobs.get(failing.id)).status, patience).toBe('done');
    await expect(admin.jobs.retry(failing.id)).rejects.toMatchObject({ code: 'JOB_CONFLICT' });
    const trail = await admin.audit.list({ eventType: 'job.retried', limit: 10 });
    expect(JSON.stringify(trail)).toContain(failing.id);
    await lms.close();
  });

  it('cancels a job that waits at once, and one that runs when its handler has heard of it', async () => {
    const handler: JobHandler = {
      kind: 'test.long',
      async run({ signal }) {
        await sleep(60_000, undefined, { signal });
        return undefined;
      },
    };
    const { lms, admin } = await newStore(await makeStorage(), undefined, withHandlers([handler]));
    const running = await admin.jobs.add({ kind: 'test.long', payload: null });
    const waiting = await admin.jobs.add({ kind: 'test.unknown', payload: null });
    await lms.worker.start();
    await expect.poll(async () => (await admin.jobs.get(running.id)).status, patience).toBe('running');
    expect((await admin.jobs.cancel(waiting.id)).status).toBe('cancelled');
    expect(await admin.jobs.cancel(running.id)).toMatchObject({ status: 'running', cancelRequested: true });
    await expect.poll(async () => (await admin.jobs.get(running.id)).status, patience).toBe('cancelled');
    await lms.close();
  });

  it('gives back what does not end while it stops, and that try does not count', async () => {
    const handler: JobHandler = {
      kind: 'test.long',
      timeoutMillis: 30_000,
      async run({ signal }) {
        await sleep(60_000, undefined, { signal });
        return undefined;
      },
    };
    const { lms, admin } = await newStore(await makeStorage(), undefined, withHandlers([handler]));
    const job = await admin.jobs.add({ kind: 'test.long', payload: null });
    await lms.worker.start();
    await expect.poll(async () => (await admin.jobs.get(job.id)).status, patience).toBe('running');
    await lms.worker.stop({ timeoutMillis: 10 });
    expect(await admin.jobs.get(job.id)).toMatchObject({ status: 'waiting', attempts: 0, worker: null });
    await lms.close();
  });

  it('hears of a cancel soon, fires timers soon, and gives back at once what another can go on with', async () => {
    const handler: JobHandler = {
      kind: 'test.long',
      resumable: true,
      async run({ signal }) {
        await sleep(60_000, undefined, { signal });
        return undefined;
      },
    };
    const storage = await makeStorage();
    const { lms, admin } = await newStore(storage, undefined, { clock: systemClock, jobs: { handlers: [handler] } });
    const { admin: elsewhere } = await openStore(await anotherHandle(storage), undefined, { clock: systemClock });
    // Far less than the lease, and than what housekeeping waits between its rounds.
    const within = { timeout: 10_000, interval: 20 };
    const [cancelled, handedOn] = [
      await admin.jobs.add({ kind: 'test.long', payload: null }),
      await admin.jobs.add({ kind: 'test.long', payload: null }),
    ];
    await lms.worker.start();
    await expect.poll(() => lms.worker.report().running, patience).toBe(2);
    await elsewhere.jobs.cancel(cancelled.id);
    await expect.poll(async () => (await elsewhere.jobs.get(cancelled.id)).status, within).toBe('cancelled');

    await elsewhere.timers.set({ key: 'soon', dueAt: new Date(systemClock.now() + 300).toISOString() });
    await expect.poll(() => storage.timers.get(null, 'soon'), within).toBeNull();

    await lms.worker.stop();
    expect(await elsewhere.jobs.get(handedOn.id)).toMatchObject({ status: 'waiting', attempts: 0 });
    await lms.close();
  });

  it('leaves a kind that stands apart to other workers while it runs one of the kinds it stands apart from', async () => {
    let isThrough = false;
    const handlers: JobHandler[] = [
      {
        kind: 'test.main',
        async run() {
          await until(() => isThrough);
          return undefined;
        },
      },
      { kind: 'test.beside', apartFrom: ['test.main'], run: async () => undefined },
    ];
    const options = withHandlers(handlers);
    const storage = await makeStorage();
    const { lms, admin } = await newStore(storage, undefined, options);
    const { lms: other } = await openStore(await anotherHandle(storage), undefined, options);
    await admin.jobs.add({ kind: 'test.main', payload: null });
    await lms.worker.start();
    await expect.poll(() => lms.worker.report().running, patience).toBe(1);
    const beside = await admin.jobs.add({ kind: 'test.beside', payload: null });
    await sleep(300);
    expect((await admin.jobs.get(beside.id)).status).toBe('waiting');
    await other.worker.start();
    await expect.poll(async () => (await admin.jobs.get(beside.id)).status, patience).toBe('done');
    await expect.poll(() => other.worker.report().done, patience).toBe(1);
    isThrough = true;
    await Promise.all([lms.close(), other.close()]);
  });

  it('of workers of two handles each job is run by one, and a kind has no more at once than it may', async () => {
    const storage = await makeStorage();
    const runs = new Map<string, number>();
    let atOnce = 0;
    let mostAtOnce = 0;
    const handler: JobHandler = {
      kind: 'test.counted',
      concurrency: 3,
      async run({ job }) {
        runs.set(job.id, (runs.get(job.id) ?? 0) + 1);
        atOnce += 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        await sleep(1);
        atOnce -= 1;
        return undefined;
      },
    };
    const options = withHandlers([handler]);
    const { lms, admin } = await newStore(storage, undefined, options);
    const { lms: other } = await openStore(await anotherHandle(storage), undefined, options);
    const added = await Promise.all(
      Array.from({ length: 60 }, () => admin.jobs.add({ kind: 'test.counted', payload: null })),
    );
    await Promise.all([lms.worker.start(), other.worker.start()]);
    await expect
      .poll(async () => (await admin.jobs.list({ status: 'done', limit: 500 })).jobs.length, patience)
      .toBe(60);
    expect([...runs.keys()].sort()).toEqual(added.map(({ id }) => id).sort());
    expect(new Set(runs.values())).toEqual(new Set([1]));
    expect(mostAtOnce).toBeLessThanOrEqual(6);
    await Promise.all([lms.close(), other.close()]);
  });

  it('without a worker a tick runs what is due, within its bounds', async () => {
    const handler: JobHandler = { kind: 'test.due', run: async () => undefined };
    const { lms, admin } = await newStore(await makeStorage(), undefined, withHandlers([handler]));
    const add = (runAt?: string): Promise<{ id: string }> =>
      admin.jobs.add({ kind: 'test.due', payload: null, ...(runAt === undefined ? {} : { runAt }) });
    const [first] = [await add(), await add()];
    const later = await add('2999-01-01T00:00:00.000Z');
    const nothing = { done: 0, failed: 0, givenBack: 0 };
    expect((await lms.tick({ jobs: { limit: 0 } })).jobs).toEqual(nothing);
    expect((await lms.tick({ jobs: { limit: 1 } })).jobs).toEqual({ ...nothing, done: 1 });
    expect((await admin.jobs.get(first?.id ?? '')).status).toBe('done');
    expect((await lms.tick()).jobs).toEqual({ ...nothing, done: 1 });
    expect((await admin.jobs.get(later.id)).status).toBe('waiting');
    await lms.close();
  });
});

it('ends a try that takes too long, and one whose lease is another worker’s by now', async () => {
  const { makePlace } = await import('../../../../test-support/shapes.js');
  const place = await makePlace('sqlite');
  const storage = place.handle();
  const reasons: unknown[] = [];
  const handler: JobHandler = {
    kind: 'test.slow',
    timeoutMillis: 50,
    maxAttempts: 1,
    async run({ signal }) {
      await sleep(60_000, undefined, { signal }).catch(() => reasons.push(signal.reason));
      return undefined;
    },
  };
  const lost: JobHandler = { ...handler, kind: 'test.lost', timeoutMillis: 60_000 };
  const { lms, admin } = await newStore(storage, undefined, withHandlers([handler, lost]));
  const slow = await admin.jobs.add({ kind: 'test.slow', payload: null });
  await lms.worker.start();
  await expect.poll(() => reasons.length, patience).toBe(1);
  expect(reasons[0]).toMatchObject({ code: 'JOB_TIMEOUT' });
  // Its handler ended well in the end; what it gave is kept.
  await expect.poll(async () => (await admin.jobs.get(slow.id)).status, patience).toBe('done');
  const taken = await admin.jobs.add({ kind: 'test.lost', payload: null });
  await expect.poll(async () => (await admin.jobs.get(taken.id)).status, patience).toBe('running');
  const later = new Date(Date.now() + 3_600_000).toISOString();
  await storage.unitOfWork.run('ledger', (unit) =>
    storage.jobs.lapse(unit, { now: later, latest: '9000-01-01T00:00:00.000Z', limit: 10 }),
  );
  await expect.poll(() => reasons.length, patience).toBe(2);
  expect(reasons[1]).toMatchObject({ code: 'JOB_LEASE_LOST' });
  await lms.worker.stop({ timeoutMillis: 10 });
  expect((await admin.jobs.get(taken.id)).status).not.toBe('done');
  await lms.close();
  await place.remove();
});
