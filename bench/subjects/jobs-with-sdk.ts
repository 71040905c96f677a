import { createLms, type JobHandler, type Lms, type Storage } from '#core';
import { mysql } from '#core/storage/mysql';
import { testKey } from '#core/testing';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { beSubject } from '../kit/subject.ts';

export interface JobsSettings {
  readonly jobs: number;
  readonly timers: number;
  /** Callers that add jobs, and handlers that run at once. */
  readonly concurrency: number;
  readonly servers: Servers;
}

export interface JobsFound {
  /** Each added, claimed and finished by itself, as far as callers and handlers do not share commits. */
  readonly onePerSecond: number;
  /** Added 500 a commit. */
  readonly batchedPerSecond: number;
  readonly timersMillis: number;
}

const jobsACommit = 500;
const at = '2026-01-15T04:30:00.000Z';

/** Ends when it was run for the last of `jobs`. */
class Counter {
  #left = 0;
  #done: () => void = () => undefined;

  handler(kind: string): JobHandler {
    return {
      kind,
      run: async () => {
        this.#left -= 1;
        if (this.#left === 0) this.#done();
        return undefined;
      },
    };
  }

  expect(jobs: number): Promise<void> {
    this.#left = jobs;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }
}

const kind = 'bench.nothing';

await beSubject<JobsSettings, JobsFound>(async ({ jobs, timers, concurrency, servers }) => {
  await emptyDatabases(servers);
  const storage = mysql({ url: servers.mysqlUrl });
  const counter = new Counter();
  await using lms = await createLms({ storage, key: testKey, jobs: { handlers: [counter.handler(kind)] } });
  await lms.bootstrapAdmin({ id: 'bench', name: 'Bench' });
  const onePerSecond = await oneByOne(lms, storage, counter, { jobs, concurrency });
  const batchedPerSecond = await batched(lms, storage, counter, jobs);
  return { onePerSecond, batchedPerSecond, timersMillis: await fired(lms, storage, timers) };
});

async function oneByOne(
  lms: Lms,
  storage: Storage,
  counter: Counter,
  { jobs, concurrency }: { readonly jobs: number; readonly concurrency: number },
): Promise<number> {
  const { jobs: service } = lms.as({ kind: 'user', id: 'bench' });
  await lms.worker.start({ concurrency });
  const run = async (count: number): Promise<void> => {
    const all = counter.expect(count);
    let added = 0;
    const add = async (): Promise<void> => {
      while (added < count) {
        added += 1;
        await service.add({ kind, payload: { serial: added } });
      }
    };
    await Promise.all(Array.from({ length: concurrency }, add));
    await all;
  };
  await run(concurrency * 10);
  await allEnded(storage);
  const begun = performance.now();
  await run(jobs);
  await allEnded(storage);
  const millis = performance.now() - begun;
  await lms.worker.stop();
  return (jobs * 1000) / millis;
}

/** Handlers are through before the ends of their jobs are written. */
async function allEnded(storage: Storage): Promise<void> {
  for (;;) {
    const { waiting, running } = await storage.jobs.counts();
    if (waiting + running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function batched(lms: Lms, storage: Storage, counter: Counter, jobs: number): Promise<number> {
  const all = counter.expect(jobs);
  const begun = performance.now();
  await lms.worker.start({ concurrency: jobsACommit });
  for (let first = 0; first < jobs; first += jobsACommit) {
    const added = Array.from({ length: Math.min(jobsACommit, jobs - first) }, (_, index) => ({
      id: idOf(first + index),
      kind,
      priority: 'normal' as const,
      runAt: at,
      maxAttempts: 5,
      payload: { serial: first + index },
      dedupeKey: null,
      createdAt: at,
      actor: 'user:bench' as const,
      via: null,
      correlationId: 'bench',
    }));
    await storage.unitOfWork.run('ledger', (unit) => storage.jobs.insert(unit, added));
  }
  await all;
  await allEnded(storage);
  const millis = performance.now() - begun;
  await lms.worker.stop();
  return (jobs * 1000) / millis;
}

async function fired(lms: Lms, storage: Storage, timers: number): Promise<number> {
  const event = { type: 'timer.fired', aggregate: { kind: 'timer', id: idOf(0), version: 1 }, data: null };
  for (let first = 0; first < timers; first += jobsACommit) {
    const set = Array.from({ length: Math.min(jobsACommit, timers - first) }, (_, index) => ({
      key: `bench:${first + index}`,
      id: idOf(first + index),
      dueAt: at,
      event: { ...event, aggregate: { ...event.aggregate, id: idOf(first + index) } },
      actor: 'user:bench' as const,
      via: null,
      correlationId: 'bench',
      setAt: at,
    }));
    await storage.unitOfWork.run('ledger', (unit) => storage.timers.set(unit, set));
  }
  const begun = performance.now();
  await lms.worker.start();
  while ((await storage.timers.counts(new Date().toISOString())).due > 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const millis = performance.now() - begun;
  await lms.worker.stop();
  return millis;
}

function idOf(serial: number): string {
  return `019bb0a0-0000-7000-8000-${String(serial).padStart(12, '0')}`;
}
