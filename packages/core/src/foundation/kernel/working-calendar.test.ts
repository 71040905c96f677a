import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessTime } from './business-time.js';
import { hasCode } from './errors.js';
import { workingCalendar } from './working-calendar.js';
import { type WorkingHours, weekdayOf } from './working-hours.js';

const hour = 3_600_000;
const day: readonly (readonly [string, string])[] = [
  ['09:30', '13:30'],
  ['14:00', '18:30'],
];
const hours: WorkingHours = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [['10:00', '14:00']] };
const india = businessTime();
const office = workingCalendar(india, {
  hours,
  holidays: ['2026-01-26', '2026-08-15'],
  specialDays: { '2026-03-29': [['10:00', '12:00']] },
});
const at = (date: string, time: string): number => india.atLocal(date, time);

const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe('a working calendar', () => {
  it('knows the weekday', () => {
    expect(weekdayOf('2026-01-26')).toBe('mon');
    expect(weekdayOf('1969-12-31')).toBe('wed');
  });

  it('works from opening up to closing, not on holidays, and on special days', () => {
    expect(office.isWorking(at('2026-01-27', '09:30'))).toBe(true);
    expect(office.isWorking(at('2026-01-27', '09:29'))).toBe(false);
    expect(office.isWorking(at('2026-01-27', '13:30'))).toBe(false);
    expect(office.isWorking(at('2026-01-27', '18:30'))).toBe(false);
    expect(office.isWorking(at('2026-01-26', '11:00'))).toBe(false);
    expect(office.isWorking(at('2026-03-29', '11:00'))).toBe(true);
    expect(office.isWorking(at('2026-03-22', '11:00'))).toBe(false);
  });

  it('adds working time over lunch, nights, weekends and holidays', () => {
    expect(office.addWorkingTime(at('2026-01-23', '18:00'), hour)).toBe(at('2026-01-24', '10:30'));
    expect(office.addWorkingTime(at('2026-01-24', '14:00'), hour)).toBe(at('2026-01-27', '10:30'));
    expect(office.addWorkingTime(at('2026-01-27', '13:00'), hour)).toBe(at('2026-01-27', '14:30'));
  });

  it('is due at closing time when the time is used up there', () => {
    expect(office.addWorkingTime(at('2026-01-27', '17:30'), hour)).toBe(at('2026-01-27', '18:30'));
    expect(office.addWorkingTime(at('2026-01-27', '20:00'), 0)).toBe(at('2026-01-27', '20:00'));
  });

  it('counts the working time between, either way', () => {
    const [friday, tuesday] = [at('2026-01-23', '18:00'), at('2026-01-27', '10:30')];
    expect(office.workingTimeBetween(friday, tuesday)).toBe(0.5 * hour + 4 * hour + hour);
    expect(office.workingTimeBetween(tuesday, friday)).toBe(-5.5 * hour);
  });

  it('refuses to look further than twenty years', () => {
    expect(
      hasCode(
        codeOf(() => office.addWorkingTime(at('2026-01-27', '10:00'), 1e12)),
        'LIMIT_EXCEEDED',
      ),
    ).toBe(true);
    expect(
      hasCode(
        codeOf(() => office.workingTimeBetween(at('2026-01-27', '10:00'), at('2056-01-27', '10:00'))),
        'LIMIT_EXCEEDED',
      ),
    ).toBe(true);
    expect(
      hasCode(
        codeOf(() => office.addWorkingTime(0, -1)),
        'INPUT_INVALID',
      ),
    ).toBe(true);
    expect(
      hasCode(
        codeOf(() => office.addWorkingTime(0, 0.5)),
        'INPUT_INVALID',
      ),
    ).toBe(true);
  });
});

describe('laws of working time', () => {
  const calendars = ['Asia/Kolkata', 'America/New_York', 'Pacific/Apia'].map((zone) =>
    workingCalendar(businessTime(zone), {
      hours: {
        ...hours,
        sun: [
          ['00:00', '03:00'],
          ['22:00', '24:00'],
        ],
      },
      holidays: ['2026-01-26'],
    }),
  );
  const instants = fc.integer({ min: Date.parse('2011-11-01T00:00:00Z'), max: Date.parse('2027-01-01T00:00:00Z') });
  const durations = fc.integer({ min: 0, max: 2000 * hour });

  it('has exactly the time between that was added', () => {
    fc.assert(
      fc.property(fc.constantFrom(...calendars), instants, durations, (calendar, from, millis) => {
        const due = calendar.addWorkingTime(from, millis);
        expect(calendar.workingTimeBetween(from, due)).toBe(millis);
        if (millis > 0) expect(calendar.workingTimeBetween(from, due - 1)).toBe(millis - 1);
      }),
    );
  });

  it('adds up along the way', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...calendars),
        instants,
        fc.nat(90 * 24 * hour),
        fc.nat(90 * 24 * hour),
        (calendar, a, x, y) => {
          const [b, c] = [a + x, a + x + y];
          expect(calendar.workingTimeBetween(a, b) + calendar.workingTimeBetween(b, c)).toBe(
            calendar.workingTimeBetween(a, c),
          );
          expect(calendar.workingTimeBetween(a, a + 1)).toBe(calendar.isWorking(a) ? 1 : 0);
        },
      ),
    );
  });
});

describe('a calendar that cannot be', () => {
  it.each([
    [{ hours: {} }, /No weekday/],
    [{ hours: { mon: [['18:00', '09:00']] } }, /ends before it begins/],
    [
      {
        hours: {
          mon: [
            ['09:00', '13:00'],
            ['12:00', '18:00'],
          ],
        },
      },
      /overlaps/,
    ],
    [{ hours: { mon: [['9:00', '13:00']] } }, /time of day/],
    [{ hours, holidays: ['2026-02-30'] }, /no day 30/],
    [{ hours, specialDays: { tomorrow: [] } }, /YYYY-MM-DD/],
    [{ hours: { mon: day, monday: day } as WorkingHours }, /"monday" is not a weekday/],
  ] as const)('%j', (options, reason) => {
    expect(() => workingCalendar(india, options)).toThrowError(reason);
  });
});
