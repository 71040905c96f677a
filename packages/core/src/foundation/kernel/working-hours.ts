import { type LocalTime, timeOfDayMillis } from './business-time.js';
import { LmsError } from './errors.js';
import { dayNumber, type LocalDate, parseLocalDate } from './local-date.js';

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Opening and closing times of one day, in order: `[['09:30', '13:00'], ['14:00', '18:30']]`; empty when closed. */
export type WorkingDay = readonly (readonly [opens: LocalTime, closes: LocalTime])[];

/** Hours by weekday; a weekday that is absent is closed. */
export type WorkingHours = Readonly<Partial<Record<Weekday, WorkingDay>>>;

/** In the order of day numbers: 1970-01-01 was a Thursday. */
const weekdays: readonly Weekday[] = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'];

export function weekdayOf(date: LocalDate): Weekday {
  return weekdays[((dayNumber(date) % 7) + 7) % 7] ?? 'thu';
}

/**
 * The hours of any date, once checked.
 * @throws LmsError `CALENDAR_INVALID` when hours overlap, run backwards or are none; `DATE_INVALID` for a bad date
 */
export function weekPlan(options: {
  readonly hours: WorkingHours;
  readonly holidays?: readonly LocalDate[];
  readonly specialDays?: Readonly<Record<LocalDate, WorkingDay>>;
}): (date: LocalDate) => WorkingDay {
  const special = new Map(Object.entries(options.specialDays ?? {}));
  const holidays = new Set((options.holidays ?? []).map(parseLocalDate));
  for (const name of Object.keys(options.hours)) {
    if (!weekdays.some((weekday) => weekday === name)) {
      throw invalid(`"${name}" is not a weekday; expected ${weekdays.join(', ')}`);
    }
  }
  for (const weekday of weekdays) checkDay(weekday, options.hours[weekday] ?? []);
  for (const [date, day] of special) checkDay(parseLocalDate(date), day);
  if (!weekdays.some((weekday) => (options.hours[weekday] ?? []).length > 0))
    throw invalid('No weekday has working hours');

  return (date) => special.get(date) ?? (holidays.has(date) ? [] : (options.hours[weekdayOf(date)] ?? []));
}

function checkDay(name: string, day: WorkingDay): void {
  let closed = 0;
  for (const [opens, closes] of day) {
    const [start, end] = [timeOfDayMillis(opens), timeOfDayMillis(closes)];
    if (end <= start)
      throw invalid(`${name}: ${opens} to ${closes} ends before it begins; split a night shift at 24:00`);
    if (start < closed) throw invalid(`${name}: ${opens} to ${closes} overlaps the hours before it`);
    closed = end;
  }
}

function invalid(message: string): LmsError {
  return new LmsError('CALENDAR_INVALID', { message });
}
