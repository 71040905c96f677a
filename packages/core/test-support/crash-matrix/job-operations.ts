import { createLms, type Lms } from '../../src/index.js';
import { testKey } from '../../src/testing/index.js';
import { root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject } from './operation.js';
import type { RawState } from './raw-state.js';

/** Nobody runs these. */
const idle = 'crash.idle';

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
];
