import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DateOrder, readDate } from './date-text.js';
import { dateOfDayNumber, datePartsOf, dayNumber } from './local-date.js';

describe('dates as people type them, day first', () => {
  it.each([
    ['31/01/2026', '2026-01-31'],
    ['31-1-26', '2026-01-31'],
    ['31.01.2026', '2026-01-31'],
    ['31 01 2026', '2026-01-31'],
    ['31 Jan 2026', '2026-01-31'],
    ['31-Jan-26', '2026-01-31'],
    ['31Jan2026', '2026-01-31'],
    ['31st January, 2026', '2026-01-31'],
    ['2nd sept 2025', '2025-09-02'],
    ['Jan 31, 2026', '2026-01-31'],
    ['2026-01-31', '2026-01-31'],
    ['2026/1/31', '2026-01-31'],
    ['2026 Jan 31', '2026-01-31'],
    ['20260131', '2026-01-31'],
    ['31012026', '2026-01-31'],
    ['2026-01-31 00:00:00', '2026-01-31'],
    ['2026-01-31T00:00:00.000Z', '2026-01-31'],
    ['३१/०१/२०२६', '2026-01-31'],
    ['31 जनवरी 2026', '2026-01-31'],
    ['१५ फ़रवरी २०२६', '2026-02-15'],
    [' 31\u00a0Jan 2026 ', '2026-01-31'],
    ['29/02/2024', '2024-02-29'],
    ['01/02/49', '2049-02-01'],
    ['01/02/50', '1950-02-01'],
    ['01/02/00', '2000-02-01'],
  ])('%j', (text, date) => {
    expect(readDate(text, { order: 'dmy' })).toBe(date);
  });

  it.each([
    '',
    'abc',
    '31',
    '31/01',
    '31/01/2026/5',
    '31/Foo/2026',
    '9876543210',
    '31/01/2026 10:30',
    '12.5',
    '-31/01/2026',
    '(31/01/2026)',
    '31//01//2026',
    '45678',
    '31/01/026',
    '1 2 3 4',
    '2026-01-31T18:30:00.000Z',
    '__proto__',
  ])('refuses %j', (text) => {
    expect(() => readDate(text, { order: 'dmy' })).toThrowError(/is not a date/);
  });

  it('says why a day does not exist and how it read the parts', () => {
    expect(() => readDate('01/31/2026', { order: 'dmy' })).toThrowError(/there is no month 31 \(read as day first\)/);
    expect(() => readDate('30 Feb 2026', { order: 'dmy' })).toThrowError(/no day 30 in 2026-02/);
    expect(() => readDate('01/01/0206', { order: 'dmy' })).toThrowError(/year 206/);
    expect(() => readDate(`31/01/2026${' '.repeat(100)}or so`, { order: 'dmy' })).toThrowError(/too long/);
    expect(() => readDate('99999999', { order: 'dmy' })).toThrowError(/year 9999; years go from 1800 to 2199/);
  });
});

describe('the order of the parts', () => {
  it.each([
    ['01/02/2026', 'dmy', '2026-02-01'],
    ['01/02/2026', 'mdy', '2026-01-02'],
    ['26-01-02', 'ymd', '2026-01-02'],
    ['2026-01-02', 'mdy', '2026-01-02'],
    ['01022026', 'mdy', '2026-01-02'],
    ['2 Jan 2026', 'ymd', '2026-01-02'],
  ] as const)('%s, %s', (text, order, date) => {
    expect(readDate(text, { order })).toBe(date);
  });

  it('does not guess when the year stands where it does not belong', () => {
    expect(() => readDate('01/02/2026', { order: 'ymd' })).toThrowError(/is not a date/);
  });

  it('moves the window of two-digit years', () => {
    expect(readDate('01/02/49', { order: 'dmy', centuryFrom: 1930 })).toBe('1949-02-01');
    expect(readDate('01/02/29', { order: 'dmy', centuryFrom: 1930 })).toBe('2029-02-01');
    expect(readDate('01/02/30', { order: 'dmy', centuryFrom: 2000 })).toBe('2030-02-01');
  });

  it('reads every date back in every order and spelling', () => {
    const days = fc.integer({ min: dayNumber('1800-01-01'), max: dayNumber('2199-12-31') });
    const spell: Record<DateOrder, (year: string, month: string, day: string, by: string) => string> = {
      dmy: (year, month, day, by) => [day, month, year].join(by),
      mdy: (year, month, day, by) => [month, day, year].join(by),
      ymd: (year, month, day, by) => [year, month, day].join(by),
    };
    fc.assert(
      fc.property(
        days.map(dateOfDayNumber),
        fc.constantFrom<DateOrder>('dmy', 'mdy', 'ymd'),
        fc.constantFrom('/', '-', '.', ' ', ''),
        (date, order, by) => {
          const [year = '', month = '', day = ''] = date.split('-');
          expect(readDate(spell[order](year, month, day, by), { order })).toBe(date);
          expect(datePartsOf(date).day).toBe(Number(day));
        },
      ),
    );
  });

  it('never throws anything but its own error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          readDate(text, { order: 'dmy' });
        } catch (error) {
          expect(error).toHaveProperty('code', 'DATE_INVALID');
        }
      }),
    );
  });
});
