import { deepStrictEqual, equal, notEqual } from 'node:assert/strict';
import type { JobOutcome, NewJob, StoredJob } from '../foundation/jobs/queue/job-store.js';
import { toInstant } from '../foundation/kernel/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { addJobs, claimedJob, claimJobs, endJob, longAgo, minute, readJob, sampleJob } from './job-samples.js';
import { instantAfter } from './samples.js';
import { inUnit, together } from './together.js';

/** Jobs as rows: added once, changed by hand, listed, counted, forgotten. */
export const jobRecordCases: readonly ConformanceCase[] = [
  {
    id: 'jobs/dedupe',
    level: 'MUST',
    title:
      'of 12 callers who add a job with one kind and key at once one adds, the others get it; once it ended the key is free',
    async run(context) {
      const kind = context.word('kind');
      const draft = (): NewJob => sampleJob(context, { kind, dedupeKey: 'the-key' });
      const ids = (await together(context, 12, (storage) => addJobs(storage, [draft()]))).flat();
      equal(new Set(ids).size, 1, 'jobs with one key');
      equal((await context.other.jobs.list({ kind, limit: 50 })).length, 1);
      const [another] = await addJobs(context.storage, [sampleJob(context, { dedupeKey: 'the-key' })]);
      notEqual(another, ids[0], 'the key of another kind');
      const [claimed] = await claimJobs(context.storage, { kinds: [kind] });
      if (claimed === undefined) throw new Error('a due job was not claimed');
      deepStrictEqual(await addJobs(context.other, [draft()]), [claimed.id]);
      await endJob(context.storage, claimed, { kind: 'done', result: null });
      const next = draft();
      deepStrictEqual(await addJobs(context.other, [next]), [next.id]);
    },
  },
  {
    id: 'jobs/update',
    level: 'MUST',
    title: 'a state is kept as it is written, but not one that would make a second active job of a key',
    async run(context) {
      const { storage, other } = context;
      const job = await claimedJob(context, { dedupeKey: 'the-key' });
      equal(await endJob(storage, job, { kind: 'dead', error: 'INTERNAL' }), true);
      const dead = await readJob(storage, job);
      const again: StoredJob = { ...dead, status: 'waiting', attempts: 0, finishedAt: null, runAt: instantAfter(5) };
      const holder = sampleJob(context, { kind: job.kind, dedupeKey: 'the-key' });
      await addJobs(storage, [holder]);
      const update = (): Promise<boolean> => inUnit(other, 'ledger', (unit) => other.jobs.update(unit, again));
      equal(await update(), false);
      deepStrictEqual(await readJob(storage, job), dead);
      const [claimed] = await claimJobs(storage, { kinds: [job.kind] });
      if (claimed !== undefined) await endJob(storage, claimed, { kind: 'done', result: null });
      equal(await update(), true);
      deepStrictEqual(await readJob(storage, job), again);
    },
  },
  {
    id: 'jobs/list',
    level: 'MUST',
    title: 'jobs are listed newest first, page by page, by kind and status',
    async run(context) {
      const kind = context.word('kind');
      const jobs = Array.from({ length: 6 }, (_, at) => sampleJob(context, { kind, runAt: instantAfter(at) }));
      await addJobs(context.storage, jobs);
      const claimed = await claimJobs(context.storage, { kinds: [kind], limit: 2 });
      const newest = jobs.map(({ id }) => id).reverse();
      const { jobs: store } = context.other;
      const first = await store.list({ kind, limit: 4 });
      const rest = await store.list({ kind, limit: 4, after: first.at(-1)?.id ?? '' });
      deepStrictEqual(
        [...first, ...rest].map(({ id }) => id),
        newest,
      );
      const running = await store.list({ kind, status: 'running', limit: 50 });
      deepStrictEqual(
        running.map(({ id }) => id),
        claimed.map(({ id }) => id).reverse(),
      );
    },
  },
  {
    id: 'jobs/counts',
    level: 'MUST',
    title: 'waiting, running and dead jobs are counted, with the earliest that waits and of whose kind none runs',
    async run(context) {
      const { storage, other } = context;
      const before = await other.jobs.counts();
      const [earliest, early] = [toInstant(longAgo - 2 * minute), toInstant(longAgo - minute)];
      const waiting = sampleJob(context, { runAt: early });
      await addJobs(storage, [waiting, sampleJob(context)]);
      const running = await claimedJob(context);
      const behind = sampleJob(context, { kind: running.kind, runAt: earliest });
      await addJobs(storage, [behind]);
      equal(await endJob(storage, await claimedJob(context), { kind: 'dead', error: 'INTERNAL' }), true);
      deepStrictEqual(await other.jobs.counts(), {
        waiting: before.waiting + 3,
        running: before.running + 1,
        dead: before.dead + 1,
        oldestRunAt: early,
      });
      equal(await endJob(storage, running, { kind: 'done', result: null }), true);
      equal((await other.jobs.counts()).oldestRunAt, earliest);
      await claimJobs(storage, { kinds: [behind.kind, waiting.kind] });
    },
  },
  {
    id: 'jobs/trim',
    level: 'MUST',
    title:
      'trim forgets only jobs of the status that ended before the instant, the oldest first, at most as many as said',
    async run(context) {
      const { storage, other } = context;
      const ended: string[] = [];
      for (const at of [1, 2, 3, 4]) {
        const job = await claimedJob(context);
        const outcome: JobOutcome = at === 4 ? { kind: 'dead', error: 'INTERNAL' } : { kind: 'done', result: null };
        const ending = [{ id: job.id, fence: job.fence, outcome }];
        await inUnit(storage, 'ledger', (unit) => storage.jobs.end(unit, ending, toInstant(longAgo + at)));
        ended.push(job.id);
      }
      const left = async (): Promise<readonly boolean[]> =>
        Promise.all(ended.map(async (id) => (await other.jobs.get(null, id)) !== null));
      equal(await storage.jobs.trim('done', toInstant(longAgo + 3), 1), 1);
      deepStrictEqual(await left(), [false, true, true, true]);
      equal(await storage.jobs.trim('done', toInstant(longAgo + 3), 10), 1);
      deepStrictEqual(await left(), [false, false, true, true]);
      equal(await storage.jobs.trim('dead', toInstant(longAgo + 10), 10), 1);
      deepStrictEqual(await left(), [false, false, true, false]);
    },
  },
];
