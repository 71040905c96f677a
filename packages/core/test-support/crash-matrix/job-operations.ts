import { setTimeout as sleep } from 'node:timers/promises';
import { createLms, type JobHandler, type Lms } from '../../src/index.js';
import { testKey } from '../../src/testing/index.js';
import { writeEffect } from '../job-effect.js';
import { root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject } from './operation.js';
import type { RawState } from './raw-state.js';

/** Nobody runs these. */
const idle = 'crash.idle';
const worked = 'crash.worked';

async function addJob(lms: Lms, kind: string, { tag }: PreparedSubject): Promise<string> {
  return (await lms.as(root).jobs.add({ kind, payload: { tag }, dedupeKey: tag })).id;
}

/** The jobs of a point: where it worked as it should, one. */
function jobsOf({ jobs }: RawState, tag: string, status: string): boolean {
  const own = jobs.filter(({ dedupeKey }) => dedupeKey === tag);
  return own.length === 1 && own[0]?.status === status;
}

function toldOnce({ audit }: RawState, eventType: string, id: string | undefined): boolean {
  return audit.filter((row) => row.eventType === eventType && row.aggregateId === id).length === 1;
}

function onlyJob(leads: readonly string[]): string {
  return leads[0] ?? '';
}

/** Each try has a row of its own. */
function effectsOf({ jobs }: RawState, id: string): number {
  const isSame = (other: string): boolean => other.slice(8, -1) === id.slice(8, -1);
  return jobs.filter((job) => job.kind === `${worked}.effect` && isSame(job.id)).length;
}

/** Jobs, and what is done to them. */
export const jobOperations: readonly CrashOperation[] = [
  {
    name: 'add a job',
    run: async (lms, subject) => {
      await addJob(lms, idle, subject);
    },
    signs: (state, { tag }) => ({ 'the job, once': jobsOf(state, tag, 'waiting') }),
  },
  {
    name: 'add jobs',
    async run(lms, { tag }) {
      const drafts = ['1', '2', '3'].map((place) => ({ kind: idle, payload: { tag }, dedupeKey: `${tag} ${place}` }));
      await lms.as(root).jobs.addMany(drafts, { idempotencyKey: tag });
    },
    signs: (state, { tag }) => ({
      'all of the jobs, once': ['1', '2', '3'].every((place) => jobsOf(state, `${tag} ${place}`, 'waiting')),
    }),
  },
  {
    name: 'cancel a job',
    prepare: async ({ lms }, subject) => [await addJob(lms, idle, subject)],
    run: async (lms, { leads }) => {
      await lms.as(root).jobs.cancel(onlyJob(leads));
    },
    signs: (state, { tag, leads }) => ({
      cancelled: jobsOf(state, tag, 'cancelled'),
      'its row of the trail': toldOnce(state, 'job.cancelled', leads[0]),
    }),
  },
  {
    name: 'retry a job',
    async prepare({ lms }, subject) {
      const id = await addJob(lms, idle, subject);
      await lms.as(root).jobs.cancel(id);
      return [id];
    },
    run: async (lms, { leads }) => {
      await lms.as(root).jobs.retry(onlyJob(leads));
    },
    signs: (state, { tag, leads }) => ({
      'waits again': jobsOf(state, tag, 'waiting'),
      'its row of the trail': toldOnce(state, 'job.retried', leads[0]),
    }),
  },
  {
    name: 'run a schedule',
    async prepare({ damage }, { tag }) {
      const due = new Date(Date.now() - 60_000).toISOString();
      const row = `'${tag.toLowerCase()}', 'every 3650d', '${idle}', '${due}', 1`;
      await damage([`insert into job_schedules (name, plan, kind, next_at, version) values (${row})`]);
      return [];
    },
    async run(_lms, { tag }, { storage }) {
      const schedules = [{ name: tag.toLowerCase(), kind: idle, every: '3650d' }];
      const scheduling = await createLms({ storage, key: testKey, jobs: { schedules } });
      await scheduling.tick({ jobs: { limit: 0 } });
    },
    signs: (state, { tag }) => {
      const name = tag.toLowerCase();
      const [schedule] = state.schedules.filter((each) => each.name === name);
      return {
        'its job, once': jobsOf(state, `schedule ${name}`, 'waiting'),
        'its next time': schedule?.version === 2 && state.jobs.some(({ id }) => id === schedule.lastJob),
      };
    },
    alone: true,
  },
  {
    name: 'run a job',
    prepare: async ({ lms }, subject) => [await addJob(lms, worked, subject)],
    async run(_lms, { leads }, { storage }) {
      const handler: JobHandler = {
        kind: worked,
        async run(context) {
          await writeEffect(storage, context);
          return undefined;
        },
      };
      // Short leases: what a worker that was killed had in hand is soon another's.
      const jobs = { handlers: [handler], leaseMillis: 400, heartbeatMillis: 200 };
      const worker = await createLms({ storage, key: testKey, jobs });
      const isDone = async (): Promise<boolean> => (await worker.as(root).jobs.get(onlyJob(leads))).status === 'done';
      for (let rounds = 0; rounds < 40; rounds += 1) {
        await worker.tick();
        if (await isDone()) return;
        await sleep(50);
      }
    },
    signs: (state, { tag, leads }) => ({
      'the job is done': jobsOf(state, tag, 'done'),
      'its effect, once': effectsOf(state, onlyJob(leads)) === 1,
    }),
    alone: true,
  },
];
