import type { BusinessTime } from './business-time.js';
import { LmsError } from './errors.js';
import type { LocalDate } from './local-date.js';
import { daysInBlock, WorkingDays } from './working-days.js';
import { type WorkingDay, type WorkingHours, weekPlan } from './working-hours.js';

/** When people work: hours of each weekday and the days on which nobody does. */
export interface WorkingCalendarOptions {
  readonly hours: WorkingHours;
  /** Days on which nothing opens, whatever the weekday: `2026-01-26`. */
  readonly holidays?: readonly LocalDate[];
  /** Days with hours of their own, whatever the weekday and the holidays: a half day, a working Sunday. */
  readonly specialDays?: Readonly<Record<LocalDate, WorkingDay>>;
}

/**
 * Counts time in working hours, for reminders and service levels. Instants and durations are milliseconds; outside the years 1899 to
 * 2200 all of it throws `DATE_INVALID`.
 */
export interface WorkingCalendar {
  /** Openings belong to the working time, closings do not. */
  isWorking(epochMillis: number): boolean;
  /**
   * The earliest instant from `from` on that is working time: `from` itself while it is.
   * @throws LmsError `LIMIT_EXCEEDED` when there is none for twenty years
   */
  nextWorking(from: number): number;
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

/** How far ahead a calendar looks: long for any promise, short enough to answer in some fifty milliseconds when nothing is known yet. */
const mostDays = 20 * 366;

/** @throws LmsError `CALENDAR_INVALID` for hours that overlap or are none; `DATE_INVALID` for a bad date or time */
export function workingCalendar(time: BusinessTime, options: WorkingCalendarOptions): WorkingCalendar {
  const days = new WorkingDays(time, weekPlan(options));

  const within = (day: number, from: number, to: number): number => {
    let total = 0;
    for (const { start, end } of days.stretchesOf(day)) total += Math.max(0, Math.min(end, to) - Math.max(start, from));
    return total;
  };

  const between = (from: number, to: number): number => {
    const [first, last] = [days.dayOf(from), days.dayOf(to)];
    if (last - first > mostDays) throw tooFar();
    if (first === last) return within(first, from, to);
    let total = within(first, from, to) + within(last, from, to);
    for (let day = first + 1; day < last; ) {
      const whole = isBlock(day) && day + daysInBlock <= last;
      total += whole ? days.totalOfBlock(day / daysInBlock) : days.totalOf(day);
      day += whole ? daysInBlock : 1;
    }
    return total;
  };

  return {
    isWorking(epochMillis) {
      return days
        .stretchesOf(days.dayOf(epochMillis))
        .some(({ start, end }) => start <= epochMillis && epochMillis < end);
    },
    nextWorking(from) {
      const first = days.dayOf(from);
      for (let day = first; day - first <= mostDays; day += 1) {
        for (const { start, end } of days.stretchesOf(day)) if (end > from) return Math.max(start, from);
      }
      throw tooFar();
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
      const first = days.dayOf(from);
      for (let day = first; day - first <= mostDays; ) {
        if (day > first && isBlock(day)) {
          const total = days.totalOfBlock(day / daysInBlock);
          if (total < left) {
            left -= total;
            day += daysInBlock;
            continue;
          }
        }
        for (const { start, end } of days.stretchesOf(day)) {
          const begin = Math.max(start, from);
          if (end - begin >= left) return begin + left;
          left -= Math.max(0, end - begin);
        }
        day += 1;
      }
      throw tooFar();
    },
  };
}

function isBlock(day: number): boolean {
  return day % daysInBlock === 0;
}

function tooFar(): LmsError {
  return new LmsError('LIMIT_EXCEEDED', { message: 'A working calendar counts at most twenty years at once' });
}
