import { LmsError } from './errors.js';
import { quoted } from './quoted.js';

/** A day of the calendar without a time: `2026-01-31`. Years 0001 to 9999; sorts as text. */
export type LocalDate = string;

/** A date in its parts; month and day count from 1. */
export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const lastDayNumber = 2_932_896;
const firstDayNumber = -719_162;

/**
 * Reads exactly `YYYY-MM-DD`.
 * @throws LmsError `DATE_INVALID` for another spelling and for a day that does not exist, such as `2026-02-30`
 */
export function parseLocalDate(text: string): LocalDate {
  const [, year, month, day] = pattern.exec(text) ?? [];
  if (year === undefined) {
    throw new LmsError('DATE_INVALID', {
      message: `${quoted(text)} is not a date; expected YYYY-MM-DD, such as 2026-01-31`,
    });
  }
  return localDateOf({ year: Number(year), month: Number(month), day: Number(day) });
}

/** True when the text is `YYYY-MM-DD` and the day exists. */
export function isLocalDate(text: string): boolean {
  const [, year, month, day] = pattern.exec(text) ?? [];
  return (
    year !== undefined && whyNoSuchDay({ year: Number(year), month: Number(month), day: Number(day) }) === undefined
  );
}

/** @throws LmsError `DATE_INVALID` when there is no such day */
export function localDateOf(parts: DateParts): LocalDate {
  const reason = whyNoSuchDay(parts);
  if (reason !== undefined) throw new LmsError('DATE_INVALID', { message: `Not a date: ${reason}` });
  return `${padded(parts.year, 4)}-${padded(parts.month, 2)}-${padded(parts.day, 2)}`;
}

/** @throws LmsError `DATE_INVALID` */
export function datePartsOf(date: LocalDate): DateParts {
  const text = parseLocalDate(date);
  return { year: Number(text.slice(0, 4)), month: Number(text.slice(5, 7)), day: Number(text.slice(8, 10)) };
}

/** -1 when `a` is before `b`, 0 on the same day, 1 after it. */
export function compareLocalDates(a: LocalDate, b: LocalDate): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @throws LmsError `DATE_INVALID` when the result is outside the years 0001 to 9999 */
export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOfDayNumber(dayNumber(date) + days);
}

/**
 * The same day of the month so many months later, or the last day of that month when it is shorter: `2024-02-29` and 12
 * months are `2025-02-28`. @throws LmsError `DATE_INVALID` when the result is outside the years 0001 to 9999
 */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { year, month, day } = datePartsOf(date);
  const monthCount = year * 12 + month - 1 + months;
  const [resultYear, resultMonth] = [Math.floor(monthCount / 12), (((monthCount % 12) + 12) % 12) + 1];
  return localDateOf({
    year: resultYear,
    month: resultMonth,
    day: Math.min(day, daysInMonth(resultYear, resultMonth)),
  });
}

/** How many days `to` is after `from`; negative when it is before. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** Days since 1970-01-01, in the proleptic Gregorian calendar. */
export function dayNumber(date: LocalDate): number {
  const { year, month, day } = datePartsOf(date);
  // Counts from March, so that the leap day ends the year and every month's start is a plain formula.
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The inverse of {@link dayNumber}. @throws LmsError `DATE_INVALID` outside the years 0001 to 9999 */
export function dateOfDayNumber(days: number): LocalDate {
  if (!Number.isInteger(days) || days < firstDayNumber || days > lastDayNumber) {
    throw new LmsError('DATE_INVALID', { message: 'The date is outside the years 0001 to 9999' });
  }
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return localDateOf({
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  });
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** A phrase that says why there is no such day, such as `there is no month 13`; undefined when there is one. */
export function whyNoSuchDay({ year, month, day }: DateParts): string | undefined {
  if (![year, month, day].every(Number.isInteger)) return 'a date has whole numbers for year, month and day';
  if (year < 1 || year > 9999) return `the year ${year} is outside 0001 to 9999`;
  if (month < 1 || month > 12) return `there is no month ${month}`;
  const last = daysInMonth(year, month);
  if (day < 1 || day > last)
    return `there is no day ${day} in ${padded(year, 4)}-${padded(month, 2)}, which has ${last} days`;
  return undefined;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
