import { deepStrictEqual, equal, notEqual } from 'node:assert/strict';
import type { JobOutcome, NewJob, StoredJob } from '../foundation/jobs/queue/job-store.js';
import { type Instant, toInstant } from '../foundation/kernel/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, refusalOf, together } from './together.js';

const minute = 60_000;
/** Long before whatever else is in the store. */
const longAgo: number = Date.UTC(2001, 0, 1);
/** Later than any clock, earlier than any lease that only a wrong clock writes. */
const latest: Instant = '8000-01-01T00:00:00.000Z';

function sampleJob(context: ConformanceContext, change: Partial<NewJob> = {}): NewJob {
  return {
    id: context.ids.next<'job'>(),
    kind: context.word('kind'),
    priority: 'normal',
    runAt: instantAfter(0),
    maxAttempts: 3,
    payload: { lead: context.ids.next<'lead'>(), deep: [1, null, 'text'] },
    dedupeKey: null,
    createdAt: instantAfter(0),
    actor: 'user:asha',
    via: { host: 'desk-7', operatingSystemUser: 'asha' },
    correlationId: context.ids.next<'request'>(),
    ...change,
  };
}

function addJobs(storage: Storage, jobs: readonly NewJob[]): Promise<readonly string[]> {
  return inUnit(storage, 'ledger', (unit) => storage.jobs.insert(unit, jobs));
}

interface Claiming {
  readonly kinds: readonly string[];
  readonly limit?: number;
  readonly now?: Instant;
  readonly leaseUntil?: Instant;
}

function claimJobs(storage: Storage, { kinds, ...given }: Claiming): Promise<readonly StoredJob[]> {
  const now = given.now ?? instantAfter(minute);
  const leaseUntil = given.leaseUntil ?? instantAfter(2 * minute);
  const limit = given.limit ?? 10;
  const claim = { shares: kinds.map((kind) => ({ kind, limit })), holder: 'worker-1', now, leaseUntil, limit };
  return inUnit(storage, 'ledger', (unit) => storage.jobs.claim(unit, claim));
}

async function endJob(storage: Storage, { id, fence }: StoredJob, outcome: JobOutcome): Promise<boolean> {
  const ended = await inUnit(storage, 'ledger', (unit) =>
    storage.jobs.end(unit, [{ id, fence, outcome }], instantAfter(3 * minute)),
  );
  return ended.has(id);
}

/** A job that was added and claimed. */
async function claimedJob(context: ConformanceContext, change: Partial<NewJob> = {}): Promise<StoredJob> {
  const job = sampleJob(context, change);
  await addJobs(context.storage, [job]);
  const [claimed] = await claimJobs(context.storage, { kinds: [job.kind] });
  if (claimed === undefined) throw new Error('a due job was not claimed');
  return claimed;
}

async function readJob(storage: Storage, { id }: { readonly id: string }): Promise<StoredJob> {
  const job = await storage.jobs.get(null, id);
  if (job === null) throw new Error(`the job ${id} is gone`);
  return job;
}

export const jobCases: readonly ConformanceCase[] = [
  {
    id: 'jobs/claim-once',
    level: 'MUST',
    title: 'of 8 workers that claim 200 jobs at once each job goes to one, running, with its first attempt and fence',
    async run(context) {
      const kind = context.word('kind');
      const jobs = Array.from({ length: 200 }, () => sampleJob(context, { kind }));
      await addJobs(context.storage, jobs);
      const claimed = await together(context, 8, async (storage) => {
        const mine: StoredJob[] = [];
        for (;;) {
          const got = await claimJobs(storage, { kinds: [kind] });
          mine.push(...got);
          const left = await storage.jobs.list({ kind, status: 'waiting', limit: 1 });
          if (got.length + left.length === 0) return mine;
        }
      });
      const ids = claimed.flat().map(({ id }) => id);
      equal(ids.length, 200, 'claims');
      equal(new Set(ids).size, 200, 'jobs that were claimed');
      const [first] = jobs;
      const stored = await readJob(context.other, first ?? { id: '' });
      deepStrictEqual(stored, {
        ...first,
        status: 'running',
        attempts: 1,
        leaseUntil: instantAfter(2 * minute),
        leaseHolder: 'worker-1',
        fence: 1,
        result: null,
        progress: null,
        lastError: null,
        startedAt: instantAfter(minute),
        finishedAt: null,
        cancelRequested: false,
      });
    },
  },
  {
    id: 'jobs/order',
    level: 'MUST',
    title: 'due jobs are claimed by priority, then by how long they are due; others and other kinds are left',
    async run(context) {
      const kind = context.word('kind');
      const draft = (priority: NewJob['priority'], millis: number): NewJob =>
        sampleJob(context, { kind, priority, runAt: instantAfter(millis) });
      const later = draft('high', 2 * minute);
      const jobs = [draft('low', 0), draft('normal', 500), draft('high', 900), draft('normal', 400), later];
      await addJobs(context.storage, [...jobs, sampleJob(context)]);
      const [low, second, high, first] = jobs;
      const claimed = await claimJobs(context.other, { kinds: [kind, context.word('kind')], limit: 3 });
      deepStrictEqual(
        claimed.map(({ id }) => id),
        [high, first, second].map((job) => job?.id),
      );
      const rest = await claimJobs(context.other, { kinds: [kind] });
      deepStrictEqual(
        rest.map(({ id }) => id),
        [low?.id],
      );
      equal((await readJob(context.storage, later)).status, 'waiting');
    },
  },
  {
    id: 'jobs/shares',
    level: 'MUST',
    title:
      'of several kinds the highest priority is claimed first, then the kind due longest, and of each at most its share',
    async run(context) {
      const { storage } = context;
      const [busy, idle] = [context.word('kind'), context.word('kind')];
      const draft = (kind: string, priority: NewJob['priority'], millis: number): NewJob =>
        sampleJob(context, { kind, priority, runAt: instantAfter(millis) });
      const backlog = Array.from({ length: 6 }, (_, at) => draft(busy, 'low', at));
      const urgent = draft(idle, 'high', 900);
      const older = draft(idle, 'low', 3);
      await addJobs(storage, [...backlog, urgent, older]);
      const claim = async (ofBusy: number, limit: number): Promise<readonly string[]> => {
        const shares = [
          { kind: busy, limit: ofBusy },
          { kind: idle, limit: 5 },
        ];
        const times = { now: instantAfter(minute), leaseUntil: instantAfter(2 * minute) };
        const claimed = await inUnit(storage, 'ledger', (unit) =>
          storage.jobs.claim(unit, { shares, holder: 'worker-1', ...times, limit }),
        );
        return claimed.map(({ id }) => id);
      };
      const [first, second, third, fourth] = backlog.map(({ id }) => id);
      deepStrictEqual(await claim(5, 3), [urgent.id, first, second]);
      deepStrictEqual(await claim(2, 5), [third, fourth, older.id]);
    },
  },
  {
    id: 'jobs/fence',
    level: 'MUST',
    title: 'a worker whose job another has claimed since can neither renew nor end it, whatever its clock says',
    async run(context) {
      const { storage, other } = context;
      const job = sampleJob(context, { runAt: toInstant(longAgo) });
      await addJobs(storage, [job]);
      const [now, leaseUntil, later] = [0, 10, 20].map((millis) => toInstant(longAgo + millis));
      const [lost] = await claimJobs(storage, { kinds: [job.kind], now: now ?? '', leaseUntil: leaseUntil ?? '' });
      await inUnit(other, 'ledger', (unit) => other.jobs.lapse(unit, { now: later ?? '', latest, limit: 10 }));
      const [held] = await claimJobs(other, { kinds: [job.kind] });
      if (lost === undefined || held === undefined) throw new Error('a due job was not claimed');
      equal(held.fence, lost.fence + 1);
      equal(held.attempts, 2);
      equal(await endJob(storage, lost, { kind: 'done', result: 'of the first' }), false);
      const renewals = [{ id: lost.id, fence: lost.fence, progress: 'of the first' }];
      const renewed = await inUnit(storage, 'ledger', (unit) =>
        storage.jobs.renew(unit, renewals, instantAfter(9 * minute)),
      );
      deepStrictEqual(renewed, []);
      deepStrictEqual(await readJob(storage, job), { ...held, lastError: 'JOB_LEASE_LOST' });
      equal(await endJob(other, held, { kind: 'done', result: 'of the second' }), true);
      equal((await readJob(storage, job)).result, 'of the second');
    },
  },
  {
    id: 'jobs/lapse',
    level: 'MUST',
    title: 'jobs whose lease passed wait again, or are dead after the last attempt, or cancelled if asked for',
    async run(context) {
      const { storage } = context;
      const kind = context.word('kind');
      const draft = (maxAttempts: number): NewJob =>
        sampleJob(context, { kind, maxAttempts, runAt: toInstant(longAgo), dedupeKey: context.word('key') });
      const [again, last, unwanted] = [draft(2), draft(1), draft(2)];
      await addJobs(storage, [again, last, unwanted]);
      const lease = { now: toInstant(longAgo), leaseUntil: toInstant(longAgo + 10) };
      equal((await claimJobs(storage, { kinds: [kind], ...lease })).length, 3);
      await inUnit(storage, 'ledger', async (unit) => {
        const job = await storage.jobs.get(unit, unwanted.id);
        if (job !== null) await storage.jobs.update(unit, { ...job, cancelRequested: true });
      });
      const lapse = (at: number, most = latest): Promise<unknown> =>
        inUnit(storage, 'ledger', (unit) =>
          storage.jobs.lapse(unit, { now: toInstant(longAgo + at), latest: most, limit: 10 }),
        );
      deepStrictEqual(await lapse(5), { waiting: 0, dead: 0, cancelled: 0 });
      deepStrictEqual(await lapse(20), { waiting: 1, dead: 1, cancelled: 1 });
      const states = await Promise.all([again, last, unwanted].map((job) => readJob(context.other, job)));
      deepStrictEqual(
        states.map(({ status, lastError, leaseHolder }) => [status, lastError, leaseHolder]),
        [
          ['waiting', 'JOB_LEASE_LOST', null],
          ['dead', 'JOB_LEASE_LOST', null],
          ['cancelled', null, null],
        ],
      );
      // Written by a clock that was set back since: nobody could wait for its end.
      await claimJobs(storage, { kinds: [kind], leaseUntil: '9000-01-01T00:00:00.000Z' });
      deepStrictEqual(await lapse(30), { waiting: 0, dead: 1, cancelled: 0 });
      const successor = { ...last, id: context.ids.next<'job'>(), runAt: instantAfter(0) };
      deepStrictEqual(await addJobs(storage, [successor]), [successor.id], 'the key of a job that is dead');
    },
  },
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
    id: 'jobs/endings',
    level: 'MUST',
    title:
      'a claim ends as it is told to: done, tried again later, dead, given back without counting, or cancelled if asked for',
    async run(context) {
      const { storage } = context;
      const ended = async (outcome: JobOutcome, cancelled = false): Promise<Partial<StoredJob>> => {
        const job = await claimedJob(context);
        if (cancelled) {
          await inUnit(storage, 'ledger', (unit) => storage.jobs.update(unit, { ...job, cancelRequested: true }));
        }
        equal(await endJob(storage, job, outcome), true);
        equal(await endJob(storage, job, outcome), false, 'a second end');
        const { status, attempts, runAt, result, lastError, finishedAt, leaseHolder } = await readJob(
          context.other,
          job,
        );
        equal(leaseHolder, null);
        return { status, attempts, runAt, result, lastError, finishedAt };
      };
      const [begin, end] = [instantAfter(0), instantAfter(3 * minute)];
      const base = { attempts: 1, runAt: begin, result: null, lastError: null, finishedAt: end };
      deepStrictEqual(await ended({ kind: 'done', result: null }), { ...base, status: 'done' });
      deepStrictEqual(await ended({ kind: 'done', result: { rows: 3 } }), {
        ...base,
        status: 'done',
        result: { rows: 3 },
      });
      deepStrictEqual(await ended({ kind: 'dead', error: 'INPUT_INVALID' }), {
        ...base,
        status: 'dead',
        lastError: 'INPUT_INVALID',
      });
      const failed = { kind: 'failed', error: 'STORE_LOCKED', runAt: instantAfter(9 * minute) } as const;
      deepStrictEqual(await ended(failed), {
        ...base,
        status: 'waiting',
        lastError: 'STORE_LOCKED',
        runAt: failed.runAt,
        finishedAt: null,
      });
      deepStrictEqual(await ended(failed, true), { ...base, status: 'cancelled' });
      deepStrictEqual(await ended({ kind: 'released' }), { ...base, status: 'waiting', attempts: 0, finishedAt: null });
      deepStrictEqual(await ended({ kind: 'released' }, true), { ...base, status: 'cancelled' });
      deepStrictEqual(await ended({ kind: 'cancelled' }), { ...base, status: 'cancelled' });
      deepStrictEqual(await ended({ kind: 'done', result: null }, true), { ...base, status: 'done' });
    },
  },
  {
    id: 'jobs/end-in-unit',
    level: 'MUST',
    title:
      'a job ended in a unit that fails still runs; in one that commits it is done, together with the rest of the unit',
    async run(context) {
      const { storage, other } = context;
      const job = await claimedJob(context);
      const done = [{ id: job.id, fence: job.fence, outcome: { kind: 'done', result: 'once' } }] as const;
      const [effect, lost] = [sampleJob(context), sampleJob(context)];
      await refusalOf(
        inUnit(storage, 'ledger', async (unit) => {
          await storage.jobs.insert(unit, [lost]);
          await storage.jobs.end(unit, done, instantAfter(0));
          throw new Error('the effect failed');
        }),
        'the error of the unit',
      );
      equal((await readJob(other, job)).status, 'running');
      equal(await other.jobs.get(null, lost.id), null);
      await inUnit(storage, 'ledger', async (unit) => {
        await storage.jobs.insert(unit, [effect]);
        await storage.jobs.end(unit, done, instantAfter(0));
      });
      equal((await readJob(other, job)).result, 'once');
      equal((await readJob(other, effect)).status, 'waiting');
    },
  },
  {
    id: 'jobs/renew',
    level: 'MUST',
    title: 'a renewal prolongs the claim, keeps its progress, and hears whether the job is to be cancelled',
    async run(context) {
      const { storage, other } = context;
      const [job, quiet] = [await claimedJob(context), await claimedJob(context)];
      const renew = (progress: string): Promise<readonly unknown[]> =>
        inUnit(storage, 'ledger', async (unit) => {
          const renewals = [
            { id: job.id, fence: job.fence, progress },
            { id: quiet.id, fence: quiet.fence },
          ];
          const held = await storage.jobs.renew(unit, renewals, instantAfter(8 * minute));
          return [...held].sort((left, right) => (left.id < right.id ? -1 : 1));
        });
      const heldAs = ({ id, fence }: StoredJob, cancelRequested: boolean) => ({ id, fence, cancelRequested });
      deepStrictEqual(await renew('row 10'), [heldAs(job, false), heldAs(quiet, false)]);
      const renewed = { leaseUntil: instantAfter(8 * minute) };
      deepStrictEqual(await readJob(other, job), { ...job, ...renewed, progress: 'row 10' });
      deepStrictEqual(await readJob(other, quiet), { ...quiet, ...renewed });
      await inUnit(other, 'ledger', (unit) => other.jobs.update(unit, { ...job, ...renewed, cancelRequested: true }));
      deepStrictEqual(await renew('row 20'), [heldAs(job, true), heldAs(quiet, false)]);
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
    id: 'jobs/any-due',
    level: 'MUST',
    title:
      'a glance tells whether a job of some kinds is due, to the millisecond; those of other kinds are none of its business',
    async run(context) {
      const { storage, other } = context;
      const due = toInstant(longAgo);
      const waiting = sampleJob(context, { runAt: due, priority: 'low' });
      const kinds = [context.word('kind'), waiting.kind, context.word('kind')];
      equal(await other.jobs.anyDue(due, kinds), false);
      await addJobs(storage, [waiting, sampleJob(context, { runAt: due })]);
      equal(await other.jobs.anyDue(due, kinds), true);
      equal(await other.jobs.anyDue(due, [context.word('kind')]), false, 'due jobs of another kind');
      equal(await other.jobs.anyDue(toInstant(longAgo - 1), kinds), false, 'before its time');
      const [claimed] = await claimJobs(storage, { kinds });
      if (claimed !== undefined) await endJob(storage, claimed, { kind: 'done', result: null });
      equal(await other.jobs.anyDue(due, kinds), false);
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
