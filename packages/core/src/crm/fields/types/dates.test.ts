import { describe, expect, it } from 'vitest';
import { context, expectTaken, field, lintOf, readValue, refusalOf, typeOf } from './test-support.js';

describe('a date', () => {
  it.each([
    ['31/01/2000', '2000-01-31'],
    ['31 Jan 2000', '2000-01-31'],
    ['2000-01-31', '2000-01-31'],
    ['2000-01-31 00:00:00', '2000-01-31'],
    [new Date('2000-01-31'), '2000-01-31'],
    [new Date('2000-01-30T20:00:00Z'), '2000-01-31'],
  ])('%j', (input, value) => {
    expectTaken(field('date'), input, value);
  });

  it.each([
    ['30/02/2000', /there is no day 30 in 2000-02/],
    ['01/31/2000', /no month 31 \(read as day first\)/],
    ['31/01/2000 10:30', /not a date/],
    [45_678, /day number of a spreadsheet/],
    ['tomorrow', /not a date/],
    [new Date(Number.NaN), /invalid Date/],
    [new Date('1500-06-01T10:00:00Z'), /outside the years/],
    [{}, /object/],
  ])('refuses %j', (input, reason) => {
    expect(refusalOf(field('date'), input).message).toMatch(reason);
  });

  it('is read in the order of the store', () => {
    expect(readValue(field('date'), '01/02/2000', { ...context, dateOrder: 'mdy' })).toBe('2000-01-02');
    expect(refusalOf(field('date'), 'x', { ...context, dateOrder: 'mdy' }).expected).toMatch(/01\/31\/2026/);
  });

  it('keeps fixed bounds and bounds that move with today', () => {
    const birth = field('date', { validation: { min: 'today-75y', max: 'today-18y' } });
    expectTaken(birth, '10/02/2008', '2008-02-10');
    expectTaken(birth, '10/02/1951', '1951-02-10');
    expect(refusalOf(birth, '11/02/2008')).toEqual({
      rule: 'max',
      message: '"2008-02-11" is too late',
      expected: 'not after 2008-02-10',
    });
    expect(refusalOf(birth, '09/02/1951')).toMatchObject({ rule: 'min', expected: 'not before 1951-02-10' });
    // The same definition a day later.
    const tomorrow = { ...context, today: '2026-02-11' };
    expect(typeOf(birth).validate('2008-02-11', birth, tomorrow)).toEqual([]);

    const fixed = field('date', { validation: { min: '1 Jan 2020', max: '31/12/2029' } });
    expect(refusalOf(fixed, '2019-12-31').expected).toBe('not before 2020-01-01');
  });

  it.each([
    ['today', '2026-02-10'],
    ['today+90d', '2026-05-11'],
    ['today - 3m', '2025-11-10'],
    ['TODAY+1Y', '2027-02-10'],
  ])('%s is %s', (max, bound) => {
    expect(refusalOf(field('date', { validation: { max } }), '2100-01-01').expected).toBe(`not after ${bound}`);
  });

  it('ends a leap day’s year on the last day of February', () => {
    const leap = { ...context, today: '2024-02-29' };
    expect(refusalOf(field('date', { validation: { max: 'today-1y' } }), '2023-03-01', leap).expected).toBe(
      'not after 2023-02-28',
    );
  });

  it.each(['yesterday', 'today-18', 'today-99999y', 5, 'today+1w'])('has no bound %j', (max) => {
    expect(lintOf(field('date', { validation: { max } }))).toMatchObject([{ rule: 'max' }]);
  });

  it('knows the rules that name another field, and leaves them to the engine', () => {
    expect(typeOf(field('date')).validations).toEqual(['min', 'max', 'before', 'after']);
  });
});

describe('a date-time', () => {
  it.each([
    ['31/01/2026 3:30 pm', '2026-01-31T10:00:00.000Z'],
    ['31/01/2026, 3:30PM', '2026-01-31T10:00:00.000Z'],
    ['31-01-2026 15:30', '2026-01-31T10:00:00.000Z'],
    ['31 Jan 2026 at 3:30 p.m.', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31 15:30:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T15:30:00+05:30', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31 10:00:00.250 UTC', '2026-01-31T10:00:00.250Z'],
    ['2026-01-31 15:30 IST', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31 05:00:00.123456 -0500', '2026-01-31T10:00:00.123Z'],
    ['31/01/2026 12:15 am', '2026-01-30T18:45:00.000Z'],
    ['31/01/2026 12:15 pm', '2026-01-31T06:45:00.000Z'],
    ['31/01/2026', '2026-01-30T18:30:00.000Z'],
    ['३१/०१/२०२६ १५:३०', '2026-01-31T10:00:00.000Z'],
    [new Date('2026-01-31T10:00:00.250Z'), '2026-01-31T10:00:00.250Z'],
  ])('%j', (input, value) => {
    expectTaken(field('date-time'), input, value);
  });

  it.each([
    ['noon', /not a date and time/],
    ['15:30', /not a date and time/],
    ['31/01/2026 25:00', /hour that does not exist/],
    ['31/01/2026 13:00 pm', /hour that does not exist/],
    ['31/01/2026 0:30 am', /hour that does not exist/],
    ['31/01/2026 15:60', /not a date and time/],
    ['30/02/2026 10:00', /no day 30/],
    ['2026-01-31T10:00:00+15:00', /not a date and time/],
    ['31/01/1899 10:00', /outside the years/],
    [1_769_853_600_000, /not a date and time/],
    [new Date(Number.NaN), /invalid Date/],
    [new Date('2500-01-01'), /outside the years/],
    [`31/01/2026${' '.repeat(3)}${'9'.repeat(90_000)}`, /too long/],
  ])('refuses %j', (input, reason) => {
    expect(refusalOf(field('date-time'), input).message).toMatch(reason);
  });

  it('is printed as the business clock shows it', () => {
    const type = typeOf(field('date-time'));
    expect(type.print('2026-01-31T10:00:00.000Z', field('date-time'), context)).toBe('2026-01-31 15:30:00 +05:30');
    expect(
      type.print('2026-01-31T10:00:00.250Z', field('date-time'), { ...context, timeZone: 'America/New_York' }),
    ).toBe('2026-01-31 05:00:00.250 -05:00');
  });

  it('takes all of a day that is a bound', () => {
    const callBack = field('date-time', { validation: { min: 'today', max: 'today+7d' } });
    expectTaken(callBack, '10/02/2026 00:00', '2026-02-09T18:30:00.000Z');
    expectTaken(callBack, '17/02/2026 23:59:59.999', '2026-02-17T18:29:59.999Z');
    expect(refusalOf(callBack, '09/02/2026 23:59').rule).toBe('min');
    expect(refusalOf(callBack, '18/02/2026 00:00')).toMatchObject({
      rule: 'max',
      expected: 'not after 2026-02-17 23:59:59.999 +05:30',
    });
    const exact = field('date-time', { validation: { max: '2026-01-31 15:30' } });
    expect(refusalOf(exact, '2026-01-31 15:31').expected).toBe('not after 2026-01-31 15:30:00 +05:30');
    expect(lintOf(field('date-time', { validation: { min: 'soon' } }))).toMatchObject([{ rule: 'min' }]);
  });
});
