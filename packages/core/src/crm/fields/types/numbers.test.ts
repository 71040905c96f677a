import { describe, expect, it } from 'vitest';
import { context, expectTaken, field, lintOf, parse, readValue, refusalOf, typeOf } from './test-support.js';

describe('an integer', () => {
  it.each([
    ['36', 36],
    ['12,345', 12_345],
    ['1,00,000', 100_000],
    ['५', 5],
    ['-4', -4],
    ['7.0', 7],
    [7, 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%j', (input, value) => {
    expectTaken(field('integer'), input, value);
  });

  it.each([
    ['36 months', /not a number/],
    ['3.5', /not a whole number/],
    ['9007199254740992', /too large/],
    ['1,2,3', /grouped/],
    ['9.87654E+09', /spreadsheet/],
    ['', /./],
    ['--1', /not a number/],
    ['1'.repeat(31), /30 digits/],
    [{ valueOf: (): number => 5 }, /object/],
    [Number.NaN, /not a number/],
  ])('refuses %j', (input, reason) => {
    if (input === '') expect(parse(field('integer'), input)).toEqual({ ok: true, empty: true });
    else expect(refusalOf(field('integer'), input).message).toMatch(reason);
  });

  it('keeps its bounds, both included', () => {
    const tenure = field('integer', { validation: { min: 3, max: '84' } });
    expectTaken(tenure, 3, 3);
    expectTaken(tenure, '84', 84);
    expect(refusalOf(tenure, 2)).toEqual({ rule: 'min', message: '"2" is below the minimum', expected: 'at least 3' });
    expect(refusalOf(tenure, 85)).toEqual({
      rule: 'max',
      message: '"85" is above the maximum',
      expected: 'at most 84',
    });
    expect(refusalOf({ ...tenure, pii: 'identifier' }, 85).message).toBe(
      'a text of the shape "##" is above the maximum',
    );
  });

  it('cannot be defined with bounds that are none', () => {
    expect(lintOf(field('integer', { validation: { min: 5, max: 4 } }))).toMatchObject([{ rule: 'min' }]);
    expect(lintOf(field('integer', { validation: { min: 'few', max: 2.5 } }))).toMatchObject([
      { rule: 'min' },
      { rule: 'max' },
    ]);
  });
});

describe('a decimal', () => {
  it.each([
    ['2.50', '2.5'],
    ['.5', '0.5'],
    ['-0', '0'],
    ['1,234.5', '1234.5'],
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    ['−3.25', '-3.25'],
  ])('%j', (input, value) => {
    expectTaken(field('decimal'), input, value);
  });

  it('is refused, never rounded, when it has more digits than the field takes', () => {
    const years = field('decimal', { validation: { precision: 1 } });
    expectTaken(years, '2.50', '2.5');
    expect(refusalOf(years, '2.55')).toEqual({
      rule: 'precision',
      message: 'the number has 2 digits after the point',
      expected: 'at most 1',
    });
    expect(refusalOf(field('decimal', { validation: { precision: 0 } }), '2.5').expected).toBe('a whole number');
    expect(refusalOf(field('decimal'), 0.1 + 0.2).rule).toBe('precision');
  });

  it('compares as numbers, not as text', () => {
    const height = field('decimal', { validation: { min: '9', max: '100.5' } });
    expectTaken(height, '10', '10');
    expect(refusalOf(height, '100.51').rule).toBe('max');
    expect(typeOf(height).toNumber?.('10')).toBe(10);
  });

  it('cannot be defined with a precision that is none', () => {
    for (const precision of [-1, 1.5, 13]) {
      expect(lintOf(field('decimal', { validation: { precision } }))).toMatchObject([{ rule: 'precision' }]);
    }
  });
});

describe('a percentage', () => {
  it.each(['14', '14%', '14 %', '14.00 percent', '14 per cent', '14% p.a.', '१४ %', 14])('%j is 14 points', (input) => {
    expectTaken(field('percent'), input, '14');
  });

  it('is in points, so that 0.14 is 0.14 %', () => {
    expectTaken(field('percent'), 0.14, '0.14');
    expect(typeOf(field('percent')).print('0.14', field('percent'), context)).toBe('0.14%');
  });

  it('keeps its bounds', () => {
    const rate = field('percent', { validation: { min: 8, max: '48%', precision: 2 } });
    expect(refusalOf(rate, '50')).toEqual({
      rule: 'max',
      message: '"50%" is above the maximum',
      expected: 'at most 48%',
    });
    expect(lintOf(rate)).toEqual([]);
  });

  it.each(['%', 'fourteen', '14%%', '14-16%'])('refuses %j', (input) => {
    expect(refusalOf(field('percent'), input).message).toMatch(/is not a number/);
  });
});

describe('money', () => {
  it.each([
    ['5,00,000', 50_000_000],
    ['₹ 2.5 lakh', 25_000_000],
    [500_000, 50_000_000],
    [75_000.5, 7_500_050],
    [{ amountPaise: 50_000_000 }, 50_000_000],
    ['0', 0],
  ])('%j', (input, amountPaise) => {
    expectTaken(field('money'), input, { amountPaise });
  });

  it.each([
    [{ amountPaise: 1.5 }, /whole number of paise/],
    [{ amountPaise: '100' }, /whole number of paise/],
    [{ amountPaise: 2 ** 53 }, /whole number of paise/],
    [{ amountPaise: 100, currency: 'USD' }, /object/],
    [{ $gt: 0 }, /object/],
    ['$500', /USD/],
    ['10.005', /more than 2 decimals/],
    ['1,2,3', /grouped/],
    [1e15, /larger than/],
  ])('refuses %j', (input, reason) => {
    expect(refusalOf(field('money'), input).message).toMatch(reason);
  });

  it('has bounds in rupees, however they are written', () => {
    const amount = field('money', { validation: { min: '10,000', max: '1 cr' } });
    expect(lintOf(amount)).toEqual([]);
    expectTaken(amount, '1 crore', { amountPaise: 1_000_000_000 });
    expect(refusalOf(amount, 9_999)).toEqual({
      rule: 'min',
      message: '"₹9,999" is below the minimum',
      expected: 'at least ₹10,000',
    });
    expect(refusalOf(amount, '1.01 cr')).toMatchObject({ rule: 'max', expected: 'at most ₹1,00,00,000' });
  });

  it('is not negative, unless the field says that it may be', () => {
    expect(refusalOf(field('money'), '-5')).toMatchObject({ rule: 'min', expected: 'at least ₹0' });
    expect(refusalOf(field('money'), { amountPaise: -1 }).rule).toBe('min');
    expectTaken(field('money', { validation: { min: '-1 lakh' } }), '-500', { amountPaise: -50_000 });
  });

  it('has the minor unit of the store’s currency', () => {
    const yen = { ...context, currency: 'JPY' };
    expect(readValue(field('money'), 500, yen)).toEqual({ amountPaise: 500 });
    expect(typeOf(field('money')).print({ amountPaise: 500 }, field('money'), yen)).toBe('¥500');
    expect(readValue(field('money'), '1.5', { ...context, currency: 'KWD' })).toEqual({ amountPaise: 1500 });
  });

  it('keeps bounds apart by currency', () => {
    const amount = field('money', { validation: { max: 1000 } });
    expect(refusalOf(amount, 1001).expected).toBe('at most ₹1,000');
    expect(refusalOf(amount, 1001, { ...context, currency: 'JPY' }).expected).toBe('at most ¥1,000');
  });
});
