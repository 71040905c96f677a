import type { CountingCalendar } from '../../calendars/index.js';
import { hasCode, type Instant, toInstant } from '../../kernel/index.js';
import type { StoredTimer, WorkingSpan } from './timer-store.js';

/** When working time is over. @throws LmsError `LIMIT_EXCEEDED` past twenty years, `DATE_INVALID` past 2200 */
export function dueBy({ working }: CountingCalendar, { from, millis }: Pick<WorkingSpan, 'from' | 'millis'>): Instant {
  return toInstant(working.addWorkingTime(Date.parse(from), millis));
}

/**
 * A timer on working time by another version of its calendar. One that this version cannot reach keeps its moment.
 * @throws LmsError `CALENDAR_INVALID` where this machine does not know the zone
 */
export function countedAnew(timer: StoredTimer, span: WorkingSpan, by: CountingCalendar): StoredTimer {
  const dueAt = momentOf(timer, span, by);
  // A timer that failed waits for its next try as well.
  const waitsLonger = timer.attempts > 0 && timer.fireAt > dueAt;
  return {
    ...timer,
    dueAt,
    fireAt: waitsLonger ? timer.fireAt : dueAt,
    working: { ...span, version: by.version },
  };
}

function momentOf(timer: StoredTimer, span: WorkingSpan, by: CountingCalendar): Instant {
  try {
    return dueBy(by, span);
  } catch (error) {
    if (hasCode(error, 'LIMIT_EXCEEDED') || hasCode(error, 'DATE_INVALID')) return timer.dueAt;
    throw error;
  }
}
