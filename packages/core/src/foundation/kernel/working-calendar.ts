import type { BusinessTime } from './business-time.js';
import { LmsError } from './errors.js';
import { addDays, daysBetween, type LocalDate } from './local-date.js';
import { type WorkingDay, type WorkingHours, weekPlan } from './working-hours.js';

/** When people work: hours of each weekday and the days on which nobody does. */
export interface WorkingCalendarOptions {
  readonly hours: WorkingHours;
  /** Days without work, whatever the weekday: `2026-01-26`. */
  readonly holidays?: readonly LocalDate[];
  /** Days with hours of their own, whatever the weekday and the holidays: a half day, a working Saturday. */
  readonly specialDays?: Readonly<Record<LocalDate, WorkingDay>>;
}

/** Counts time in working hours, for reminders and service levels. Instants and durations are milliseconds. */
export interface WorkingCalendar {
  /** Openings belong to the working time, closings do not. */
  isWorking(epochMillis: number): boolean;
  /**
   * The earliest instant by which this much working time has passed: an hour before closing plus an hour is closing
   * time, not the next opening.
   * @throws LmsError `INPUT_INVALID` for a negative or fractional duration, `LIMIT_EXCEEDED` past twenty years
   */
  addWorkingTime(from: number, millis: number): number;
  /**
   * Working time from `from` to `to`; negative when `to` is earlier.
   * @throws LmsError `LIMIT_EXCEEDED` for more than twenty years
   */
  workingTimeBetween(from: number, to: number): number;
}

interface Interval {
  readonly start: number;
  readonly end: number;
}

/** How far ahead a calendar looks: long for any promise, short enough to answer in milliseconds. */
const mostDays = 20 * 366;
const mostKeptDays = 4096;

/** @throws LmsError `CALENDAR_INVALID` for hours that overlap, run backwards or are none; `DATE_INVALID` for a bad date */
export function workingCalendar(time: BusinessTime, options: WorkingCalendarOptions): WorkingCalendar {
  const plan = weekPlan(options);
  const kept = new Map<LocalDate, readonly Interval[]>();

  const intervalsOf = (date: LocalDate): readonly Interval[] => {
    const known = kept.get(date);
    if (known !== undefined) return known;
    if (kept.size >= mostKeptDays) kept.clear();
    // Clipped to the day itself, so that hours which a jump of the clocks moves into the next day do not count twice.
    const bounds = { start: time.startOfDay(date), end: time.startOfDay(addDays(date, 1)) };
    const made = disjoint(
      plan(date).map(([opens, closes]) => ({
        start: Math.max(bounds.start, time.atLocal(date, opens)),
        end: Math.min(bounds.end, time.atLocal(date, closes)),
      })),
    );
    kept.set(date, made);
    return made;
  };

  const between = (from: number, to: number): number => {
    const first = time.localDate(from);
    const days = daysBetween(first, time.localDate(to));
    if (days > mostDays) throw tooFar();
    let total = 0;
    for (let day = 0; day <= days; day += 1) {
      for (const { start, end } of intervalsOf(addDays(first, day))) {
        total += Math.max(0, Math.min(end, to) - Math.max(start, from));
      }
    }
    return total;
  };

  return {
    isWorking(epochMillis) {
      return intervalsOf(time.localDate(epochMillis)).some(
        ({ start, end }) => start <= epochMillis && epochMillis < end,
      );
    },
    workingTimeBetween(from, to) {
      return from <= to ? between(from, to) : -between(to, from);
    },
    addWorkingTime(from, millis) {
      if (!Number.isSafeInteger(millis) || millis < 0) {
        throw new LmsError('INPUT_INVALID', {
          message: `Working time is whole milliseconds, zero or more, not ${millis}`,
        });
      }
      if (millis === 0) return from;
      let left = millis;
      const first = time.localDate(from);
      for (let day = 0; day <= mostDays; day += 1) {
        for (const { start, end } of intervalsOf(addDays(first, day))) {
          const begin = Math.max(start, from);
          if (end - begin >= left) return begin + left;
          left -= Math.max(0, end - begin);
        }
      }
      throw tooFar();
    },
  };
}

/** Where clocks jump, two openings may meet: each interval begins no earlier than the one before it ended. */
function disjoint(intervals: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const { start, end } of intervals) {
    const begin = Math.max(start, result.at(-1)?.end ?? start);
    if (begin < end) result.push({ start: begin, end });
  }
  return result;
}

function tooFar(): LmsError {
  return new LmsError('LIMIT_EXCEEDED', { message: 'A working calendar counts at most twenty years at once' });
}
