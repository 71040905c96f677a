import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  decimalFromNumber,
  decimalScale,
  divideDecimals,
  isDecimal,
  multiplyDecimals,
  parseDecimal,
  roundDecimal,
  subtractDecimals,
} from './decimal.js';

/** Decimals of up to 30 digits with up to 12 of them after the point. */
const decimals: fc.Arbitrary<string> = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(12))
  .map(([unscaled, scale]) => {
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
    return parseDecimal(
      `${unscaled < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`,
    );
  });

describe('reading decimals', () => {
  it.each([
    ['14', '14'],
    ['014.50', '14.5'],
    ['+3', '3'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['-3.250', '-3.25'],
    ['100', '100'],
    ['123456789012345678901234567890.1', '123456789012345678901234567890.1'],
  ])('%s is %s', (text, canonical) => {
    expect(parseDecimal(text)).toBe(canonical);
  });

  it.each(['', '.', '-', 'abc', '1e5', '1,000', '1.2.3', ' 1', '1 ', '0x10', '५', 'NaN', 'Infinity', '--1'])(
    'refuses %j',
    (text) => {
      expect(() => parseDecimal(text)).toThrowError(/is not a decimal number/);
    },
  );

  it('refuses a text long enough to be an attack', () => {
    expect(() => parseDecimal('9'.repeat(1001))).toThrowError(/is not a decimal number/);
    expect(parseDecimal('9'.repeat(1000))).toHaveLength(1000);
    expect(isDecimal('9'.repeat(100_000))).toBe(false);
  });

  it('knows the canonical spelling', () => {
    for (const text of ['0', '14', '0.5', '-3.25', '-0.001']) expect(isDecimal(text), text).toBe(true);
    for (const text of ['-0', '1.0', '01', '.5', '1.', '+1', '1e3', '']) expect(isDecimal(text), text).toBe(false);
    fc.assert(fc.property(decimals, (value) => isDecimal(value) && parseDecimal(value) === value));
  });

  it.each([
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-0, '0'],
    [123.456, '123.456'],
  ])('the number %s is %s', (number, text) => {
    expect(decimalFromNumber(number)).toBe(text);
  });

  it('reads every number back to itself, and refuses those that are none', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(decimalFromNumber(number))).toBe(number === 0 ? 0 : number);
      }),
    );
    expect(() => decimalFromNumber(Number.NaN)).toThrowError(/NaN/);
    expect(() => decimalFromNumber(Number.POSITIVE_INFINITY)).toThrowError(/Infinity/);
  });
});

describe('calculating with decimals', () => {
  it('adds exactly what a float does not', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3');
    expect(subtractDecimals('1', '0.999999999999999999')).toBe('0.000000000000000001');
    expect(multiplyDecimals('1.5', '-0.2')).toBe('-0.3');
  });

  it('divides to the digits and rounding that are named', () => {
    expect(divideDecimals('1', '3', { scale: 4, rounding: 'HALF_UP' })).toBe('0.3333');
    expect(divideDecimals('2', '3', { scale: 4, rounding: 'HALF_UP' })).toBe('0.6667');
    expect(divideDecimals('2', '3', { scale: 0, rounding: 'DOWN' })).toBe('0');
    expect(divideDecimals('-1', '0.08', { scale: 2, rounding: 'DOWN' })).toBe('-12.5');
    expect(() => divideDecimals('1', '0', { scale: 2, rounding: 'DOWN' })).toThrowError(/divide by zero/);
    expect(() => divideDecimals('1', '3', { scale: -1, rounding: 'DOWN' })).toThrowError(/scale/);
  });

  it.each([
    ['2.345', 'HALF_UP', '2.35'],
    ['2.345', 'HALF_EVEN', '2.34'],
    ['-2.345', 'HALF_UP', '-2.35'],
    ['2.341', 'UP', '2.35'],
    ['2.349', 'DOWN', '2.34'],
    ['-0.001', 'DOWN', '0'],
    ['2.3', 'UP', '2.3'],
  ] as const)('rounds %s %s to %s', (value, rounding, rounded) => {
    expect(roundDecimal(value, { scale: 2, rounding })).toBe(rounded);
  });

  it('keeps the laws of arithmetic', () => {
    fc.assert(
      fc.property(decimals, decimals, decimals, (a, b, c) => {
        expect(addDecimals(a, b)).toBe(addDecimals(b, a));
        expect(multiplyDecimals(a, addDecimals(b, c))).toBe(
          addDecimals(multiplyDecimals(a, b), multiplyDecimals(a, c)),
        );
        expect(subtractDecimals(addDecimals(a, b), b)).toBe(a);
        expect(compareDecimals(a, b)).toBe(-compareDecimals(b, a) + 0);
        expect(compareDecimals(a, b) === 0).toBe(a === b);
        expect(compareDecimals(addDecimals(a, '0.000000000000001'), a)).toBe(1);
        if (b !== '0') expect(divideDecimals(multiplyDecimals(a, b), b, { scale: 12, rounding: 'DOWN' })).toBe(a);
      }),
    );
  });

  it('says how many digits stand after the point', () => {
    expect(decimalScale('14')).toBe(0);
    expect(decimalScale('-3.250')).toBe(2);
  });
});
