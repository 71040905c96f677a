import { deepStrictEqual, equal } from 'node:assert/strict';
import type { JobOutcome, StoredJob } from '../foundation/jobs/queue/job-store.js';
import type { ConformanceCase } from './conformance-case.js';
import { claimedJob, endJob, minute, readJob, sampleJob } from './job-samples.js';
import { instantAfter } from './samples.js';
import { inUnit, refusalOf } from './together.js';

/** How claims are kept and ended. */
export const jobEndCases: readonly ConformanceCase[] = [
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
];
