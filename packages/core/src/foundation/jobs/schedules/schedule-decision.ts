import { toInstant } from '../../kernel/index.js';
import type { CheckedSchedule } from './job-schedule.js';
import type { StoredSchedule } from './schedule-store.js';

/** What is to be written of a schedule, and whether it runs now. */
export interface ScheduleDecision {
  readonly schedule: Omit<StoredSchedule, 'lastJob'>;
  readonly runs: boolean;
}

const skewMillis = 60_000;

/**
 * What becomes of a schedule when somebody looks; null when nothing does. Times that were missed run once, for the first of them. Times that
 * a clock which was ahead has run for do not come again when it is set back, and those it left out do.
 * @param now epoch milliseconds
 */
export function scheduleDecision(
  plan: CheckedSchedule,
  kept: StoredSchedule | null,
  now: number,
): ScheduleDecision | null {
  const { name } = plan;
  const { kind } = plan.draft;
  const same = { name, kind, plan: plan.plan, version: (kept?.version ?? 0) + 1 };
  if (kept === null) {
    return { schedule: { ...same, nextAt: toInstant(plan.next(now, null)), lastDue: null, lastAt: null }, runs: false };
  }
  const { lastDue, lastAt } = kept;
  const nextAt = Date.parse(kept.nextAt);
  if (kept.plan !== plan.plan || kept.kind !== kind) {
    const next = plan.next(now, lastDue === null ? null : Date.parse(lastDue));
    return { schedule: { ...same, nextAt: toInstant(next), lastDue, lastAt }, runs: false };
  }
  if (nextAt <= now) {
    const next = toInstant(plan.next(now, nextAt));
    return { schedule: { ...same, nextAt: next, lastDue: kept.nextAt, lastAt: toInstant(now) }, runs: true };
  }
  // Only a clock that was set back leaves a time out; clocks of two machines are never quite the same.
  if (lastAt !== null && Date.parse(lastAt) <= now + skewMillis) return null;
  const first = plan.next(now, null);
  const left = toInstant(first) === lastDue ? plan.next(first, null) : first;
  return left < nextAt ? { schedule: { ...same, nextAt: toInstant(left), lastDue, lastAt }, runs: false } : null;
}
