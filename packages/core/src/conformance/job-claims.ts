import { deepStrictEqual, equal } from 'node:assert/strict';
import type { NewJob, StoredJob } from '../foundation/jobs/queue/job-store.js';
import { toInstant } from '../foundation/kernel/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { addJobs, claimJobs, endJob, latest, longAgo, minute, readJob, sampleJob } from './job-samples.js';
import { instantAfter } from './samples.js';
import { inUnit, together } from './together.js';

/** Who gets which job, and who has lost it. */
export const jobClaimCases: readonly ConformanceCase[] = [
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
];
