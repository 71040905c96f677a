import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobWorker, jobSettings, LocalWakeup, trimJobs } from '../../src/foundation/jobs/index.js';
import type { StoredJob } from '../../src/foundation/jobs/queue/job-store.js';
import { cryptoRandom, systemClock } from '../../src/foundation/kernel/index.js';
import { createLms, type JobHandler, type Storage } from '../../src/index.js';
import { writeEffect } from '../job-effect.js';
import { root } from './leads-of-point.js';
import { matrixKeys } from './matrix-keys.js';
import type { CrashOperation, Desk, PreparedSubject, Subject, Workshop } from './operation.js';
import type { RawState } from './raw-state.js';

/** Only the workers of a point run these: what other points leave in a store that they share is none of theirs. */
function kindOf({ tag }: PreparedSubject): string {
  return `crash.${tag}`;
}

/** Of jobs that ended so, and when. */
const longAgo = '2001-01-01T00:00:00.000Z';
const endings = ['done', 'cancelled', 'dead'] as const;

async function addJob({ lms }: Workshop, subject: PreparedSubject, maxAttempts = 5): Promise<string> {
  const { tag } = subject;
  return (await lms.as(root).jobs.add({ kind: kindOf(subject), payload: { tag }, dedupeKey: tag, maxAttempts })).id;
}

/** Short leases: what a worker that was killed had in hand is soon another's. */
const leases = { leaseMillis: 400, heartbeatMillis: 200 };

/** A worker of jobs that does nothing else, so that its rounds have few commands. */
function workerOf({ storage }: Desk, subject: Subject, handler: Omit<JobHandler, 'kind'>): JobWorker {
  const { jobs, unitOfWork } = storage;
  const kind = kindOf(subject);
  const nothing = async (): Promise<void> => undefined;
  return new JobWorker(
    {
      ...{ jobs, unitOfWork, clock: systemClock, random: cryptoRandom(), wakeup: new LocalWakeup() },
      ...{ handlers: new Map([[kind, { ...handler, kind }]]), housekeeping: nothing, fireDue: nothing },
      holder: () => `crash ${process.pid}`,
    },
    jobSettings(leases),
  );
}

/** Rounds of a worker until the job of the point is as it is wanted. */
async function workUntil(
  { storage }: Desk,
  { leads: [id = ''] }: Subject,
  isWanted: (job: StoredJob) => boolean,
  round: () => Promise<unknown>,
): Promise<void> {
  for (let rounds = 0; rounds < 60; rounds += 1) {
    await round();
    const job = await storage.jobs.get(null, id);
    if (job !== null && isWanted(job)) return;
    await sleep(50);
  }
}

function effectOn(storage: Storage): Omit<JobHandler, 'kind'> {
  return {
    async run(context) {
      await writeEffect(storage, context);
      return undefined;
    },
  };
}

function isDone({ status }: StoredJob): boolean {
  return status === 'done';
}

type RawJob = RawState['jobs'][number];

/** The job of a point: where it worked as it should, one. */
function jobOf({ jobs }: RawState, tag: string): RawJob | undefined {
  const own = jobs.filter(({ dedupeKey }) => dedupeKey === tag);
  return own.length === 1 ? own[0] : undefined;
}

/** Each try has a row of its own. */
function effectsOf({ jobs }: RawState, subject: Subject): number {
  return jobs.filter(({ kind }) => kind === `${kindOf(subject)}.effect`).length;
}

/** Tries that wrote their number beside the store, which outlives the process that was cut. */
function triesOf({ output }: Subject): readonly string[] {
  return existsSync(output) ? readFileSync(output, 'utf8').trim().split('\n') : [];
}

/** What workers do to jobs. */
export const jobWorkerOperations: readonly CrashOperation[] = [
  {
    name: 'run a job',
    prepare: async (workshop, subject) => [await addJob(workshop, subject)],
    async run(_lms, subject, desk) {
      const { storage } = desk;
      const jobs = { handlers: [{ ...effectOn(storage), kind: kindOf(subject) }], ...leases };
      const worker = await createLms({ storage, key: matrixKeys, jobs });
      await workUntil(desk, subject, isDone, () => worker.tick());
    },
    signs: (state, subject) => ({
      'the job is done': jobOf(state, subject.tag)?.status === 'done',
      'its effect, once': effectsOf(state, subject) === 1,
    }),
    alone: true,
  },
  {
    name: 'run a job of a worker that is gone',
    async prepare(workshop, subject) {
      const id = await addJob(workshop, subject);
      const lease = `lease_holder = 'gone', lease_until = '${longAgo}', started_at = '${longAgo}'`;
      await workshop.damage([
        `UPDATE jobs SET status = 'running', attempts = 1, fence = 1, ${lease} WHERE id = '${id}'`,
      ]);
      return [id];
    },
    async run(_lms, subject, desk) {
      const worker = workerOf(desk, subject, effectOn(desk.storage));
      await workUntil(desk, subject, isDone, () => worker.round());
      const [id = ''] = subject.leads;
      const { jobs, unitOfWork } = desk.storage;
      const lateEnd = { id, fence: 1, outcome: { kind: 'dead', error: 'INTERNAL' } } as const;
      const ended = await unitOfWork.run('ledger', (unit) => jobs.end(unit, [lateEnd], new Date().toISOString()));
      if (ended.size > 0) throw new Error('the worker that was gone has ended a job that is not its own any more');
    },
    signs: (state, subject) => ({
      'the job is done': jobOf(state, subject.tag)?.status === 'done',
      'its effect, once': effectsOf(state, subject) === 1,
    }),
    alone: true,
  },
  {
    name: 'try a job that fails',
    prepare: async (workshop, subject) => [await addJob(workshop, subject)],
    async run(_lms, subject, desk) {
      const worker = workerOf(desk, subject, {
        backoff: { firstMillis: 3_600_000, mostMillis: 3_600_000 },
        run: () => Promise.reject(new Error('not today')),
      });
      const hasFailed = ({ status, lastError }: StoredJob): boolean => status === 'waiting' && lastError === 'INTERNAL';
      await workUntil(desk, subject, hasFailed, () => worker.round());
    },
    signs(state, { tag }) {
      const job = jobOf(state, tag);
      return { 'the job waits, and says why': job?.status === 'waiting' && job.lastError === 'INTERNAL' };
    },
    alone: true,
  },
  {
    name: 'give a job back',
    prepare: async (workshop, subject) => [await addJob(workshop, subject)],
    async run(_lms, subject, desk) {
      let stop = new AbortController();
      let hasBegun = false;
      const worker = workerOf(desk, subject, {
        async run({ signal }) {
          hasBegun = true;
          const told = once(signal, 'abort');
          stop.abort();
          await told;
          throw signal.reason;
        },
      });
      const isBack = ({ status }: StoredJob): boolean => hasBegun && status === 'waiting';
      await workUntil(desk, subject, isBack, () => {
        stop = new AbortController();
        return worker.round({ signal: stop.signal });
      });
    },
    signs(state, { tag }) {
      const job = jobOf(state, tag);
      return { 'it waits, and one claim does not count': job?.status === 'waiting' && job.attempts < job.fence };
    },
    alone: true,
  },
  {
    name: 'give a job up',
    prepare: async (workshop, subject) => [await addJob(workshop, subject, 2)],
    async run(_lms, subject, desk) {
      const worker = workerOf(desk, subject, {
        backoff: { firstMillis: 1, mostMillis: 1 },
        async run({ job }) {
          appendFileSync(subject.output, `${job.attempts}\n`);
          throw new Error('never');
        },
      });
      await workUntil(
        desk,
        subject,
        ({ status }) => status === 'dead',
        () => worker.round(),
      );
    },
    signs(state, { tag }) {
      const job = jobOf(state, tag);
      return {
        'it is dead after its tries, and says why':
          job?.status === 'dead' && job.attempts === 2 && job.lastError !== null,
      };
    },
    async look(_lms, subject) {
      const tries = triesOf(subject);
      const isOnce = tries.length <= 2 && new Set(tries).size === tries.length;
      return isOnce ? [] : [`the job that is given up was tried more than twice: ${tries.join(', ')}`];
    },
    alone: true,
  },
  {
    name: 'forget old jobs',
    async prepare({ lms, damage }, subject) {
      const kind = kindOf(subject);
      const drafts = endings.map((status) => ({ kind, payload: null, dedupeKey: `${subject.tag} ${status}` }));
      const ids = await lms.as(root).jobs.addMany(drafts);
      await damage(
        endings.map(
          (status, at) =>
            `UPDATE jobs SET status = '${status}', active_key = NULL, finished_at = '${longAgo}' WHERE id = '${ids[at]}'`,
        ),
      );
      return ids;
    },
    run: async (_lms, _subject, { storage }) => {
      await trimJobs(storage.jobs, {}, systemClock);
    },
    signs: ({ jobs }, { leads }) =>
      Object.fromEntries(
        endings.map((status, at) => [`the ${status} one is gone`, jobs.every(({ id }) => id !== leads[at])]),
      ),
    inParts: true,
    alone: true,
  },
];
