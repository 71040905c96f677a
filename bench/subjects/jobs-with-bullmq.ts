import process from 'node:process';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { byCallers } from '../kit/callers.ts';
import { beSubject } from '../kit/subject.ts';
import { type Elapsed, startClocks } from '../kit/timing.ts';

export interface BullmqSettings {
  readonly redisUrl: string;
  readonly jobs: number;
  /** Callers that add at once, and jobs that are processed at once. */
  readonly concurrency: number;
  /** Jobs that one call adds. */
  readonly addedAtOnce: number;
}

export interface BullmqFound {
  /** From the first job added to the last one finished, adding and processing side by side. */
  readonly elapsed: Elapsed;
}

const warmUp = 500;

/** BullMQ alone, on a Redis that has written and synced each change before it answers. Jobs do nothing, and are gone when they end. */
await beSubject<BullmqSettings, BullmqFound>(async ({ redisUrl, jobs, concurrency, addedAtOnce }) => {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  await requireDurable(connection);
  const name = `bench-${process.pid}`;
  const queue = new Queue(name, { connection });
  const opts = { removeOnComplete: true, removeOnFail: true };
  let finished = 0;
  let whenAll: () => void = () => undefined;
  let wanted = Number.POSITIVE_INFINITY;
  const worker = new Worker(name, async () => ({ done: true }), { connection, concurrency });
  worker.on('completed', () => {
    finished += 1;
    if (finished === wanted) whenAll();
  });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);

  const run = async (count: number): Promise<void> => {
    const all = new Promise<void>((resolve) => {
      whenAll = resolve;
    });
    wanted = finished + count;
    await byCallers(concurrency, 0, Math.ceil(count / addedAtOnce), async (serial) => {
      const added = Math.min(addedAtOnce, count - serial * addedAtOnce);
      const drafts = Array.from({ length: added }, (_, at) => ({
        name: 'sync',
        data: { lead: `L-${serial}-${at}` },
        opts,
      }));
      const [first] = drafts;
      if (added === 1 && first !== undefined) await queue.add(first.name, first.data, opts);
      else await queue.addBulk(drafts);
    });
    await all;
  };
  await run(warmUp);
  const clocks = startClocks();
  await run(jobs);
  const elapsed = clocks();
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  connection.disconnect();
  return { elapsed };
});

/** What is compared is durable, so this must be, too. */
async function requireDurable(redis: Redis): Promise<void> {
  for (const [setting, expected] of [
    ['appendonly', 'yes'],
    ['appendfsync', 'always'],
  ] as const) {
    const [, found] = (await redis.config('GET', setting)) as string[];
    if (found !== expected) throw new Error(`Redis has ${setting} ${found}; measure one with ${setting} ${expected}`);
  }
}
