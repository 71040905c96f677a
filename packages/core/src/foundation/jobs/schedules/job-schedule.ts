import { businessTime, defaultBusinessZone, durationMillis, type Json, LmsError, quoted } from '../../kernel/index.js';
import { checkedDraft, type JobDraft } from '../queue/job-draft.js';
import type { JobPriority } from '../queue/job-store.js';
import { parseCron } from './cron-expression.js';

interface ScheduledJob {
  /** Names it in the store: 1 to 100 small letters, digits, dots and dashes. */
  readonly name: string;
  /** Of the jobs that it adds. */
  readonly kind: string;
  /** Of each of them; null when absent. */
  readonly payload?: Json;
  readonly priority?: JobPriority;
  readonly maxAttempts?: number;
}

/** A job that is added time and again: so long after the time before, or at times of the day. */
export type JobSchedule = ScheduledJob &
  (
    | { /** `30s`, `15m`, `1h` or `7d`. */ readonly every: string }
    | {
        /** Minute, hour, day of the month, month, day of the week: `0 2 * * *` is at two every night. */
        readonly cron: string;
        /** IANA zone; that of the store when absent. */
        readonly timeZone?: string;
      }
  );

/** A schedule that was checked. */
export interface CheckedSchedule {
  readonly name: string;
  /** The job that it adds each time. */
  readonly draft: JobDraft;
  /** As {@link StoredSchedule} keeps it. */
  readonly plan: string;
  /** The first time after now; of a span, that after `last`, as far as it is still to come. */
  next(now: number, last: number | null): number;
}

const mostSchedules = 100;
const nameForm = /^[a-z][a-z0-9.-]{0,99}$/;
/** From which a time of the day must come at least once. */
const anyInstant: number = Date.UTC(2000, 0, 1);

/**
 * @param zone of the store
 * @param reserved kinds whose jobs services of ours add
 * @throws LmsError `CONFIG_INVALID`, `TIME_ZONE_UNKNOWN`
 */
export function checkedSchedules(
  schedules: readonly JobSchedule[],
  {
    zone = defaultBusinessZone,
    reserved = new Set(),
  }: { readonly zone?: string; readonly reserved?: ReadonlySet<string> } = {},
): readonly CheckedSchedule[] {
  if (schedules.length > mostSchedules) throw invalid(`are ${schedules.length}; at most ${mostSchedules}`);
  const names = new Set<string>();
  return schedules.map((schedule) => {
    const { name, kind } = schedule;
    if (!nameForm.test(name)) throw invalid(`has ${quoted(name)} for a name; expected one such as acme.sync`);
    if (names.has(name)) throw invalid(`has two of the name ${quoted(name)}`);
    names.add(name);
    if (reserved.has(kind)) throw invalid(`adds jobs ${kind} in ${name}, which the command that needs them adds`);
    return {
      name,
      draft: draftOf(schedule),
      ...('every' in schedule ? spanOf(schedule.every) : cronOf(schedule, zone)),
    };
  });
}

function draftOf({ name, kind, payload = null, priority, maxAttempts }: JobSchedule): JobDraft {
  try {
    return checkedDraft({
      kind,
      payload,
      dedupeKey: `schedule ${name}`,
      ...(priority === undefined ? {} : { priority }),
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
    });
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    throw invalid(`has a job in ${name} that cannot be added: ${error.message}`);
  }
}

function spanOf(every: string): Pick<CheckedSchedule, 'plan' | 'next'> {
  const millis = durationMillis(every);
  if (millis === null) throw invalid(`has ${quoted(every)} for a span; expected one such as 30s, 15m, 1h or 7d`);
  return {
    plan: `every ${every}`,
    next: (now, last) => (last !== null && last + millis > now ? Math.min(last, now) + millis : now + millis),
  };
}

function cronOf(
  { cron, timeZone }: { readonly cron: string; readonly timeZone?: string },
  zone: string,
): Pick<CheckedSchedule, 'plan' | 'next'> {
  const time = businessTime(timeZone ?? zone);
  const expression = parseCron(cron);
  if (expression.next(anyInstant, time) === null) throw invalid(`has ${quoted(cron)}, a time that never comes`);
  return {
    plan: `${cron.trim().split(/\s+/).join(' ')} in ${time.zone}`,
    next(now) {
      const next = expression.next(now, time);
      if (next === null) throw invalid(`has ${quoted(cron)}, a time that never comes`);
      return next;
    },
  };
}

function invalid(problem: string): LmsError {
  return new LmsError('CONFIG_INVALID', { message: `jobs.schedules ${problem}`, path: 'jobs.schedules' });
}
