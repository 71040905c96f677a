import { type Clock, toInstant } from '../../kernel/index.js';
import { trimInRounds } from '../../persistence/index.js';
import type { JobStore } from './job-store.js';

const dayMillis = 86_400_000;

/** How long jobs are kept after they ended. */
export interface JobRetention {
  /** Done and cancelled jobs; 7 days when absent. */
  readonly keptDays?: number;
  /** Dead jobs, which wait for somebody to look; 90 days when absent. */
  readonly deadKeptDays?: number;
}

/** Forgets jobs that ended long ago; at most 10,000 of each status. @returns how many */
export async function trimJobs(
  jobs: JobStore,
  { keptDays = 7, deadKeptDays = 90 }: JobRetention,
  clock: Clock,
): Promise<number> {
  const days = { done: keptDays, cancelled: keptDays, dead: deadKeptDays } as const;
  let trimmed = 0;
  for (const status of ['done', 'cancelled', 'dead'] as const) {
    const before = toInstant(clock.now() - days[status] * dayMillis);
    trimmed += await trimInRounds((limit) => jobs.trim(status, before, limit));
  }
  return trimmed;
}
