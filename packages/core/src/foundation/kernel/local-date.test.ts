import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  compareLocalDates,
  dateOfDayNumber,
  dayNumber,
  daysBetween,
  daysInMonth,
  isLocalDate,
  parseLocalDate,
} from './local-date.js';

const dates: fc.Arbitrary<string> = fc.integer({ min: -719_162, max: 2_932_896 }).map(dateOfDayNumber);

describe('local dates', () => {
  it('takes exactly YYYY-MM-DD of a day that exists', () => {
    for (const date of ['2026-01-31', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31']) {
      expect(parseLocalDate(date)).toBe(date);
      expect(isLocalDate(date)).toBe(true);
    }
  });

  it.each([
    ['2026-02-30', /no day 30 in 2026-02, which has 28 days/],
    ['1900-02-29', /28 days/],
    ['2026-13-01', /no month 13/],
    ['2026-00-10', /no month 0/],
    ['2026-04-31', /30 days/],
    ['2026-01-00', /no day 0/],
    ['0000-01-01', /year 0/],
    ['2026-1-1', /YYYY-MM-DD/],
    ['31-01-2026', /YYYY-MM-DD/],
    ['2026-01-31T00:00:00Z', /YYYY-MM-DD/],
    ['', /YYYY-MM-DD/],
  ])('refuses %j', (text, reason) => {
    expect(() => parseLocalDate(text)).toThrowError(reason);
    expect(isLocalDate(text)).toBe(false);
  });

  it('counts days as the platform does', () => {
    expect(dayNumber('1970-01-01')).toBe(0);
    fc.assert(
      fc.property(dates, (date) => {
        expect(dayNumber(date)).toBe(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
        expect(dateOfDayNumber(dayNumber(date))).toBe(date);
      }),
    );
  });

  it('adds and subtracts alike, and orders as it counts', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -100_000, max: 100_000 }), (date, days) => {
        fc.pre(dayNumber(date) + days >= -719_162 && dayNumber(date) + days <= 2_932_896);
        const later = addDays(date, days);
        expect(daysBetween(date, later)).toBe(days);
        expect(compareLocalDates(date, later)).toBe(Math.sign(-days) + 0);
      }),
    );
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(() => addDays('9999-12-31', 1)).toThrowError(/0001 to 9999/);
    expect(daysInMonth(2100, 2)).toBe(28);
  });

  it.each([
    ['2024-02-29', 12, '2025-02-28'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-01-15', -13, '2024-12-15'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2026-06-30', 0, '2026-06-30'],
  ])('%s and %d months is %s', (date, months, result) => {
    expect(addMonths(date, months)).toBe(result);
  });
});
