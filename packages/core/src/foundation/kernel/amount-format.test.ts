import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount } from './amount-format.js';
import { parseAmount } from './amount-text.js';
import { currencyCodes } from './currency.js';

describe('amounts for people', () => {
  it.each([
    [50_000_000, '500000', '₹5,00,000', '₹5 L'],
    [7_500_050, '75000.50', '₹75,000.50', '₹75,000.50'],
    [25_000_000, '250000', '₹2,50,000', '₹2.5 L'],
    [1_200_000_000, '12000000', '₹1,20,00,000', '₹1.2 Cr'],
    [0, '0', '₹0', '₹0'],
    [5, '0.05', '₹0.05', '₹0.05'],
    [-50_000_000, '-500000', '-₹5,00,000', '-₹5 L'],
    [25_432_100, '254321', '₹2,54,321', '₹2.54 L'],
    [999_999_900, '9999999', '₹99,99,999', '₹1 Cr'],
    [9_999_999, '99999.99', '₹99,999.99', '₹1 L'],
    [123_456_700_000_000, '1234567000000', '₹12,34,56,70,00,000', '₹1,23,456.7 Cr'],
  ])('%d paise', (amount, plain, grouped, short) => {
    expect(formatAmount(amount, { style: 'plain' })).toBe(plain);
    expect(formatAmount(amount)).toBe(grouped);
    expect(formatAmount(amount, { style: 'short' })).toBe(short);
  });

  it.each([
    ['USD', 125_075_000, '$1,250,750', '$1.25 M'],
    ['JPY', 1500, '¥1,500', '¥1.5 K'],
    ['KWD', 1500, 'KWD 1.500', 'KWD 1.500'],
    ['NPR', 50_000_000, 'NPR 5,00,000', 'NPR 5 L'],
  ] as const)('%s', (currency, amount, grouped, short) => {
    expect(formatAmount(amount, { currency })).toBe(grouped);
    expect(formatAmount(amount, { currency, style: 'short' })).toBe(short);
  });

  it('reads back exactly what plain and grouped print, in every currency', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(...currencyCodes), (amount, currency) => {
        for (const style of ['plain', 'grouped'] as const) {
          const text = formatAmount(amount, { currency, style });
          expect(parseAmount(text, { currency, allowNegative: true }), text).toBe(amount + 0);
        }
      }),
    );
  });

  it('is never off by more than half a per cent in short', () => {
    fc.assert(
      fc.property(fc.nat(8 * 10 ** 15), fc.constantFrom(...currencyCodes), (amount, currency) => {
        const read = parseAmount(formatAmount(amount, { currency, style: 'short' }), { currency });
        expect(Math.abs(read - amount)).toBeLessThanOrEqual(amount * 0.005 + 1);
      }),
    );
  });

  it('refuses what is not a whole number of minor units', () => {
    for (const amount of [1.5, Number.NaN, 2 ** 53]) expect(() => formatAmount(amount)).toThrowError(/minor units/);
  });
});
