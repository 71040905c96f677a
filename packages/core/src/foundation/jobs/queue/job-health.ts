import { type Clock, durationText, type Finding, longestOverdueMillis, waitedMillis } from '../../kernel/index.js';
import type { JobCounts, JobStore } from './job-store.js';

/** How the jobs of a store fare. */
export interface JobHealth extends JobCounts {
  /** How long the job has waited that is due longest, and of whose kind none runs, in milliseconds; 0 when there is none. */
  readonly overdueMillis: number;
  /** False when a job has been due for ten minutes without a worker taking any of its kind, or jobs are dead. */
  readonly ok: boolean;
}

export async function jobHealth({
  jobs,
  clock,
}: {
  readonly jobs: JobStore;
  readonly clock: Clock;
}): Promise<JobHealth> {
  const counts = await jobs.counts();
  const overdueMillis = waitedMillis(counts.oldestRunAt, clock.now());
  return { ...counts, overdueMillis, ok: overdueMillis <= longestOverdueMillis && counts.dead === 0 };
}

/** {@link JobHealth} for people: one line of a health check. */
export function jobsFinding(health: JobHealth): Finding {
  const { waiting, running, dead, overdueMillis, ok } = health;
  const parts = [`${waiting} waiting`, `${running} running`];
  if (dead > 0) parts.push(`${dead} dead: lms jobs list --status dead, then lms jobs retry or cancel`);
  if (overdueMillis > longestOverdueMillis)
    parts.push(`one is due for ${durationText(overdueMillis)}, and none of its kind runs: is lms work running?`);
  return { name: 'jobs', ok, message: parts.join('; ') };
}
