import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasCode } from './errors.js';
import { addAmounts, isMinorUnits, minorUnitsOf, sumAmounts } from './money.js';

describe('adding money', () => {
  it('adds exactly', () => {
    expect(addAmounts(10, -25)).toBe(-15);
    expect(sumAmounts([])).toBe(0);
    expect(Object.is(sumAmounts([5, -5]), 0)).toBe(true);
  });

  it('equals the sum of integers of any size, or refuses', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (amounts) => {
        const exact = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);
        const whole = amounts.map((amount) => amount + 0);
        const storable = exact <= BigInt(Number.MAX_SAFE_INTEGER) && exact >= -BigInt(Number.MAX_SAFE_INTEGER);
        if (storable) expect(BigInt(sumAmounts(whole))).toBe(exact);
        else expect(() => sumAmounts(whole)).toThrowError(/too large/);
      }),
    );
  });

  it('may pass the range on the way', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(sumAmounts([most, most, -most])).toBe(most);
  });

  it('refuses fractions and what is beyond the range', () => {
    const refused = (run: () => number): unknown => {
      try {
        return run();
      } catch (error) {
        return error;
      }
    };
    expect(
      hasCode(
        refused(() => addAmounts(0.5, 1)),
        'AMOUNT_INVALID',
      ),
    ).toBe(true);
    expect(
      hasCode(
        refused(() => addAmounts(Number.MAX_SAFE_INTEGER, 1)),
        'AMOUNT_OUT_OF_RANGE',
      ),
    ).toBe(true);
    expect(
      hasCode(
        refused(() => minorUnitsOf(2n ** 53n)),
        'AMOUNT_OUT_OF_RANGE',
      ),
    ).toBe(true);
    expect(isMinorUnits(-0)).toBe(false);
    expect(isMinorUnits('5')).toBe(false);
  });
});
