import { businessTime, hasCode, LmsError, type WorkingCalendar, workingCalendar } from '../kernel/index.js';
import type { CalendarBody } from './calendar-store.js';

/**
 * The arithmetic of a calendar.
 * @throws LmsError `CALENDAR_INVALID` for hours that overlap or are none, and for a time zone that this machine does not know
 */
export function compiledCalendar({ timeZone, hours, holidays, specialDays }: CalendarBody): WorkingCalendar {
  return workingCalendar(zoned(timeZone), {
    hours,
    holidays: holidays.map(({ date }) => date),
    specialDays: Object.fromEntries(specialDays.map((day) => [day.date, day.hours])),
  });
}

function zoned(timeZone: string): ReturnType<typeof businessTime> {
  try {
    return businessTime(timeZone);
  } catch (cause) {
    if (!hasCode(cause, 'TIME_ZONE_UNKNOWN')) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LmsError('CALENDAR_INVALID', { message, path: 'timeZone', cause });
  }
}
