import { createLms, type JobHandler, type Lms, type Storage } from '#core';
import { bullmqWakeup } from '#core/jobs/bullmq';
import { mysql } from '#core/storage/mysql';
import { sqlite } from '#core/storage/sqlite';
import { testKey } from '#core/testing';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { byCallers } from '../kit/callers.ts';
import { beSubject } from '../kit/subject.ts';
import { startClocks } from '../kit/timing.ts';

export interface JobsSettings {
  readonly jobs: number;
  /** Callers that add at once, and handlers that run at once. */
  readonly concurrency: number;
  /** Jobs that one call adds. */
  readonly addedAtOnce: number;
  /** The file of an embedded store, or databases. */
  readonly store: { readonly file: string } | { readonly servers: Servers };
  /** Where BullMQ is the wake-up. */
  readonly redisUrl: string | null;
  /** How many are then due at once; none when 0. */
  readonly timers: number;
}

export interface JobsFound {
  readonly jobsPerSecond: number;
  /** 0 where there were none. */
  readonly timersMillis: number;
}

const kind = 'bench.nothing';
const timersACommit = 500;
const at = '2026-01-15T04:30:00.000Z';

await beSubject<JobsSettings, JobsFound>(async ({ jobs, concurrency, addedAtOnce, store, redisUrl, timers }) => {
  if ('servers' in store) await emptyDatabases(store.servers);
  const storage = 'file' in store ? sqlite({ file: store.file }) : mysql({ url: store.servers.mysqlUrl });
  const wakeup =
    redisUrl === null ? {} : { wakeup: bullmqWakeup({ url: redisUrl, prefix: `bench-${performance.now()}` }) };
  const handler: JobHandler = { kind, run: async () => undefined };
  await using lms = await createLms({ storage, key: testKey, jobs: { handlers: [handler], ...wakeup } });
  await lms.bootstrapAdmin({ id: 'bench', name: 'Bench' });
  await lms.worker.start({ concurrency: Math.max(concurrency, addedAtOnce) });
  const run = async (count: number): Promise<void> => {
    const before = lms.worker.report().done;
    await addAll(lms, { count, concurrency, addedAtOnce });
    // What the worker counts as done is written.
    while (lms.worker.report().done < before + count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await run(concurrency * addedAtOnce);
  const clocks = startClocks();
  await run(jobs);
  const { wallMillis } = clocks();
  await lms.worker.stop();
  const timersMillis = timers === 0 ? 0 : await fired(lms, storage, timers);
  return { jobsPerSecond: (jobs * 1000) / wallMillis, timersMillis };
});

async function addAll(
  lms: Lms,
  {
    count,
    concurrency,
    addedAtOnce,
  }: { readonly count: number; readonly concurrency: number; readonly addedAtOnce: number },
): Promise<void> {
  const { jobs } = lms.as({ kind: 'user', id: 'bench' });
  await byCallers(concurrency, 0, Math.ceil(count / addedAtOnce), async (serial) => {
    const first = serial * addedAtOnce;
    const drafts = Array.from({ length: Math.min(addedAtOnce, count - first) }, (_, place) => ({
      kind,
      payload: { serial: first + place },
    }));
    const [only] = drafts;
    if (addedAtOnce === 1 && only !== undefined) await jobs.add(only);
    else await jobs.addMany(drafts);
  });
}

async function fired(lms: Lms, storage: Storage, timers: number): Promise<number> {
  const event = { type: 'timer.fired', aggregate: { kind: 'timer', id: idOf(0), version: 1 }, data: null };
  for (let first = 0; first < timers; first += timersACommit) {
    const set = Array.from({ length: Math.min(timersACommit, timers - first) }, (_, index) => ({
      key: `bench:${first + index}`,
      id: idOf(first + index),
      dueAt: at,
      working: null,
      event: { ...event, aggregate: { ...event.aggregate, id: idOf(first + index) } },
      actor: 'user:bench' as const,
      via: null,
      correlationId: 'bench',
      setAt: at,
    }));
    await storage.unitOfWork.run('ledger', (unit) => storage.timers.set(unit, set));
  }
  const clocks = startClocks();
  await lms.worker.start();
  while ((await storage.timers.counts(new Date().toISOString())).due > 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { wallMillis } = clocks();
  await lms.worker.stop();
  return wallMillis;
}

function idOf(serial: number): string {
  return `019bb0a0-0000-7000-8000-${String(serial).padStart(12, '0')}`;
}
