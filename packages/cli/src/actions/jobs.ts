import type { Job, JobListQuery, JobStatus } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import { table } from '../output/index.js';
import type { Session } from '../session.js';
import { jobView } from '../views/job-view.js';
import { nextPage } from './lead-list.js';

export interface JobListOptions {
  readonly status?: string;
  readonly kind?: string;
  readonly limit: number;
  readonly cursor?: string;
}

const statuses: readonly JobStatus[] = ['waiting', 'running', 'done', 'dead', 'cancelled'];

export async function listJobs(session: Session, options: JobListOptions): Promise<void> {
  const { me, output, format } = session;
  const { jobs, next } = await me.jobs.list(queryOf(options));
  output.answer({ items: jobs, nextCursor: next }, () =>
    jobs.length === 0
      ? ''
      : table(
          jobs,
          [
            { heading: 'Id', cell: (job) => job.id },
            { heading: 'Kind', cell: (job) => job.kind, minimum: 8, importance: 4 },
            { heading: 'Status', cell: statusOf, minimum: 9, importance: 4 },
            { heading: 'Tries', cell: (job) => `${job.attempts} of ${job.maxAttempts}`, align: 'right' },
            { heading: 'Error', cell: (job) => job.lastError ?? '', minimum: 8, importance: 3 },
            { heading: 'Due', cell: (job) => format.time(job.runAt), importance: 2 },
            { heading: 'Added by', cell: (job) => job.actor, minimum: 8 },
          ],
          output,
        ),
  );
  if (jobs.length === 0) output.say('No job matches.');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function showJob({ me, output, format }: Session, id: string): Promise<void> {
  const job = await me.jobs.get(id);
  output.answer(job, () => jobView(job, { format, style: output.style }));
}

export async function retryJob({ me, output }: Session, id: string): Promise<void> {
  const job = await me.jobs.retry(id);
  output.answer(job, () => 'The job waits and is due; lms work or lms tick runs it.');
}

export async function cancelJob({ me, output }: Session, id: string): Promise<void> {
  const job = await me.jobs.cancel(id);
  output.answer(job, () =>
    job.status === 'cancelled'
      ? 'The job is cancelled.'
      : 'The job runs and is asked to stop; lms jobs show says when it did.',
  );
}

function statusOf({ status, cancelRequested }: Job): string {
  return cancelRequested ? `${status}, to be cancelled` : status;
}

function queryOf({ status, kind, limit, cursor }: JobListOptions): JobListQuery {
  return {
    limit,
    ...(status === undefined ? {} : { status: statusFrom(status) }),
    ...(kind === undefined ? {} : { kind }),
    ...(cursor === undefined ? {} : { after: cursor }),
  };
}

function statusFrom(text: string): JobStatus {
  const found = statuses.find((status) => status === text);
  if (found !== undefined) return found;
  throw new LmsError('USAGE_INVALID', {
    message: `--status is ${statuses.join(', ')}, not "${text}"`,
    path: '--status',
  });
}
