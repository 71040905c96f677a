import { LmsError, quoted } from '../../kernel/index.js';
import type { JobSchedule } from '../schedules/job-schedule.js';
import type { Job } from './job.js';
import type { JobHandler } from './job-handler.js';
import { longestLeaseMillis } from './job-hands.js';
import type { JobRetention } from './job-housekeeping.js';
import { jobKindExpected, jobKindPattern, mostAttempts } from './job-kind.js';
import type { Wakeup } from './wakeup.js';

export interface JobSettings extends JobRetention {
  /** How jobs of the embedder's own kinds are run. */
  readonly handlers?: readonly JobHandler[];
  /**
   * Hears what a handler threw in this process, and why the end of a job could not be written: the job itself keeps the code alone. For
   * your logs, which are yours to keep clean of personal data; what it throws itself is ignored.
   */
  readonly onError?: (error: unknown, context: { readonly job: Job }) => void;
  /** Jobs that workers and ticks of this process add time and again, once across all processes; 100 at most. */
  readonly schedules?: readonly JobSchedule[];
  /** Tells workers of other processes of jobs, such as `bullmqWakeup` of `@lms/core/jobs/bullmq`; those of this process alone when absent. */
  readonly wakeup?: Wakeup;
  /** How often a worker looks for jobs that nobody told it of; 1,000 when absent. */
  readonly pollMillis?: number;
  /** How long a worker that died keeps its jobs; 15,000 when absent, at most 300,000. Handlers may run longer. */
  readonly leaseMillis?: number;
  /** How often a worker gives signs of life, and hears what is to be stopped; 1,000 when absent, or a sixth of a short lease. */
  readonly heartbeatMillis?: number;
  /** How often a worker does what `tick` does besides jobs; 15,000 when absent. */
  readonly housekeepingMillis?: number;
}

/** No timer of JavaScript waits longer: it fires at once instead. */
const mostMillis = 2_147_483_647;

export interface CheckedJobSettings
  extends Required<Omit<JobSettings, 'handlers' | 'onError' | 'schedules' | 'wakeup' | keyof JobRetention>> {
  readonly retention: JobRetention;
}

const longestBeatMillis = 1_000;
const defaults = { pollMillis: 1_000, leaseMillis: 15_000, housekeepingMillis: 15_000 };

/** @throws LmsError `CONFIG_INVALID` */
export function jobSettings({
  handlers: _handlers,
  onError: _onError,
  schedules: _schedules,
  wakeup: _wakeup,
  keptDays,
  deadKeptDays,
  ...given
}: JobSettings): CheckedJobSettings {
  const settings = { ...defaults, ...given };
  const heartbeatMillis = settings.heartbeatMillis ?? Math.min(longestBeatMillis, Math.ceil(settings.leaseMillis / 6));
  const millis = { ...settings, heartbeatMillis };
  for (const [name, value] of Object.entries(millis)) requireWhole(`jobs.${name}`, value);
  if (settings.leaseMillis > longestLeaseMillis) {
    throw invalid('jobs.leaseMillis', `is ${settings.leaseMillis}; at most ${longestLeaseMillis}`);
  }
  if (heartbeatMillis * 2 > settings.leaseMillis) {
    throw invalid(
      'jobs.heartbeatMillis',
      `is ${heartbeatMillis}; at most half of the lease of ${settings.leaseMillis}`,
    );
  }
  const retention = {
    ...(keptDays === undefined ? {} : { keptDays }),
    ...(deadKeptDays === undefined ? {} : { deadKeptDays }),
  };
  for (const [name, value] of Object.entries(retention)) requireWhole(`jobs.${name}`, value);
  return { ...millis, retention };
}

/**
 * Handlers by kind.
 * @param reserved kinds that have handlers of our own
 * @throws LmsError `CONFIG_INVALID` when two run the same kind, or one says what cannot be
 */
export function handlersByKind(
  handlers: readonly JobHandler[],
  reserved: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, JobHandler> {
  const byKind = new Map<string, JobHandler>();
  for (const handler of handlers) {
    if (reserved.has(handler.kind))
      throw invalid('jobs.handlers', `has one for jobs ${handler.kind}, which LMS runs itself`);
    if (byKind.has(handler.kind)) throw invalid('jobs.handlers', `has two handlers for jobs ${handler.kind}`);
    requirePossible(handler);
    byKind.set(handler.kind, handler);
  }
  return byKind;
}

function requirePossible({ kind, maxAttempts, timeoutMillis, concurrency, backoff }: JobHandler): void {
  const path = `jobs.handlers.${kind}`;
  if (!jobKindPattern.test(kind)) throw invalid('jobs.handlers', `has the kind ${quoted(kind)}; ${jobKindExpected}`);
  if (maxAttempts !== undefined) requireWhole(`${path}.maxAttempts`, maxAttempts, mostAttempts);
  for (const [name, value] of Object.entries({ timeoutMillis, concurrency })) {
    if (value !== undefined) requireWhole(`${path}.${name}`, value);
  }
  for (const [name, value] of Object.entries(backoff ?? {})) requireWhole(`${path}.backoff.${name}`, value);
}

function requireWhole(path: string, value: number, most: number = mostMillis): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw invalid(path, `is ${value}; expected a whole number from 1 to ${most}`);
}

function invalid(path: string, problem: string): LmsError {
  return new LmsError('CONFIG_INVALID', { message: `${path} ${problem}`, path });
}
