import type { CountingCalendar } from '../../calendars/index.js';
import { hasCode, type Instant, toInstant } from '../../kernel/index.js';
import type { StoredTimer, WorkingSpan } from './timer-store.js';

/** When working time is over. @throws LmsError `LIMIT_EXCEEDED` past twenty years */
export function dueBy({ working }: CountingCalendar, { from, millis }: Pick<WorkingSpan, 'from' | 'millis'>): Instant {
  return toInstant(working.addWorkingTime(Date.parse(from), millis));
}

/** A timer on working time by another version of its calendar. One that would be twenty years off keeps its moment. */
export function countedAnew(timer: StoredTimer, span: WorkingSpan, by: CountingCalendar): StoredTimer {
  const dueAt = momentOf(timer, span, by);
  return {
    ...timer,
    dueAt,
    // A timer that failed waits for its next try.
    fireAt: timer.attempts === 0 ? dueAt : timer.fireAt,
    working: { ...span, version: by.version },
  };
}

function momentOf(timer: StoredTimer, span: WorkingSpan, by: CountingCalendar): Instant {
  try {
    return dueBy(by, span);
  } catch (error) {
    if (hasCode(error, 'LIMIT_EXCEEDED')) return timer.dueAt;
    throw error;
  }
}
