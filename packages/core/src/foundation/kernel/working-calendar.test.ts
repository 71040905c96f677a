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

  it('says when work goes on', () => {
    expect(office.nextWorking(at('2026-01-23', '18:00'))).toBe(at('2026-01-23', '18:00'));
    expect(office.nextWorking(at('2026-01-23', '18:30'))).toBe(at('2026-01-24', '10:00'));
    expect(office.nextWorking(at('2026-01-24', '14:00'))).toBe(at('2026-01-27', '09:30'));
  });

  it('works through the night, which belongs to the day on which it opens', () => {
    const night = workingCalendar(india, {
      hours: { mon: [['22:00', '06:00']], tue: [['06:00', '07:00']] },
      holidays: ['2026-02-03', '2026-02-09'],
    });
    expect(night.workingTimeBetween(at('2026-01-26', '00:00'), at('2026-02-02', '00:00'))).toBe(9 * hour);
    expect(night.addWorkingTime(at('2026-01-26', '12:00'), 8.5 * hour)).toBe(at('2026-01-27', '06:30'));
    expect(night.isWorking(at('2026-02-03', '05:59')), 'the night before a holiday ends in it').toBe(true);
    expect(night.isWorking(at('2026-02-03', '06:00'))).toBe(false);
    expect(night.isWorking(at('2026-02-10', '05:59')), 'the night of a holiday does not open').toBe(false);
    expect(night.isWorking(at('2026-02-10', '06:00'))).toBe(true);
  });

  it('counts the hour that clocks skip or show twice as it passes', () => {
    const newYork = businessTime('America/New_York');
    const night = workingCalendar(newYork, { hours: { sat: [['22:00', '06:00']] } });
    const shift = (saturday: string, sunday: string): number =>
      night.workingTimeBetween(newYork.startOfDay(saturday), newYork.atLocal(sunday, '12:00'));
    expect(shift('2026-03-07', '2026-03-08')).toBe(7 * hour);
    expect(shift('2026-10-31', '2026-11-01')).toBe(9 * hour);
    expect(shift('2026-11-07', '2026-11-08')).toBe(8 * hour);
  });

  it('counts over years as over days', () => {
    const [from, to] = [at('2010-05-05', '11:11'), at('2029-02-20', '12:34')];
    let total = 0;
    for (let start = from; start < to; start += 36 * hour) {
      total += office.workingTimeBetween(start, Math.min(to, start + 36 * hour));
    }
    expect(office.workingTimeBetween(from, to)).toBe(total);
    expect(office.addWorkingTime(from, total)).toBe(to);
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
    [{ hours: { mon: [['09:00', '09:00']] } }, /no time at all/],
    [{ hours: { mon: [['24:00', '06:00']] } }, /no time at all/],
    [
      {
        hours: {
          mon: [
            ['22:00', '06:00'],
            ['23:00', '24:00'],
          ],
        },
      },
      /overlaps/,
    ],
    [{ hours: { sun: [['22:00', '06:00']], mon: [['05:45', '09:00']] } }, /sun: the night shift overlaps/],
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
