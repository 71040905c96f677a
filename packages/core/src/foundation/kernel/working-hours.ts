import { type LocalTime, timeOfDayMillis } from './business-time.js';
import { LmsError } from './errors.js';
import { dayNumber, type LocalDate, parseLocalDate } from './local-date.js';
import { quoted } from './quoted.js';

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/**
 * Opening and closing times of one day, in order: `[['09:30', '13:00'], ['14:00', '18:30']]`; empty when closed. The last may be a night shift
 * that ends on the next day, `['22:00', '06:00']`: it belongs to the day on which it opens.
 */
export type WorkingDay = readonly (readonly [opens: LocalTime, closes: LocalTime])[];

/** Hours by weekday; a weekday that is absent is closed. */
export type WorkingHours = Readonly<Partial<Record<Weekday, WorkingDay>>>;

/** In the order of day numbers: 1970-01-01 was a Thursday. */
const weekdays: readonly Weekday[] = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'];
const dayMillis = 86_400_000;

export function weekdayOf(date: LocalDate): Weekday {
  return weekdays[((dayNumber(date) % 7) + 7) % 7] ?? 'thu';
}

/**
 * The hours of any day by its number, once checked.
 * @throws LmsError `CALENDAR_INVALID` when hours overlap or are none; `DATE_INVALID` for a bad date or time
 */
export function weekPlan(options: {
  readonly hours: WorkingHours;
  readonly holidays?: readonly LocalDate[];
  readonly specialDays?: Readonly<Record<LocalDate, WorkingDay>>;
}): (day: number) => WorkingDay {
  for (const name of Object.keys(options.hours)) {
    if (!weekdays.some((weekday) => weekday === name)) {
      throw invalid(`${quoted(name)} is not a weekday; expected ${weekdays.join(', ')}`);
    }
  }
  const week = weekdays.map((weekday) => options.hours[weekday] ?? []);
  weekdays.forEach((weekday, at) => {
    const closes = checkDay(weekday, week[at] ?? []);
    checkNight(weekday, closes, week[(at + 1) % 7]?.[0]?.[0]);
  });
  if (week.every((day) => day.length === 0)) throw invalid('No weekday has working hours');

  const known = new Map<number, WorkingDay>((options.holidays ?? []).map((date) => [dayNumber(date), []]));
  for (const [date, day] of Object.entries(options.specialDays ?? {})) {
    checkDay(parseLocalDate(date), day);
    known.set(dayNumber(date), day);
  }
  return (day) => known.get(day) ?? week[((day % 7) + 7) % 7] ?? [];
}

/** @returns when the last hours close, from the midnight before on */
function checkDay(name: string, day: WorkingDay): number {
  let closed = 0;
  for (const [opens, closes] of day) {
    const start = timeOfDayMillis(opens);
    const end = timeOfDayMillis(closes) + (timeOfDayMillis(closes) < start ? dayMillis : 0);
    if (end === start || start === dayMillis) throw invalid(`${name}: ${opens} to ${closes} is no time at all`);
    if (start < closed) throw invalid(`${name}: ${opens} to ${closes} overlaps the hours before it`);
    closed = end;
  }
  return closed;
}

function checkNight(name: string, closes: number, nextOpens: LocalTime | undefined): void {
  if (nextOpens === undefined || closes <= dayMillis + timeOfDayMillis(nextOpens)) return;
  throw invalid(`${name}: the night shift overlaps the hours of the next day, which begin at ${nextOpens}`);
}

function invalid(message: string): LmsError {
  return new LmsError('CALENDAR_INVALID', { message });
}
