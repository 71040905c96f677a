import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasCode } from './errors.js';
import { type Rounding, roundQuotient } from './rounding.js';

describe('rounding a quotient', () => {
  const table: readonly [numerator: bigint, denominator: bigint, expected: Record<Rounding, bigint>][] = [
    [5n, 2n, { HALF_UP: 3n, HALF_EVEN: 2n, UP: 3n, DOWN: 2n }],
    [7n, 2n, { HALF_UP: 4n, HALF_EVEN: 4n, UP: 4n, DOWN: 3n }],
    [-5n, 2n, { HALF_UP: -3n, HALF_EVEN: -2n, UP: -3n, DOWN: -2n }],
    [5n, -2n, { HALF_UP: -3n, HALF_EVEN: -2n, UP: -3n, DOWN: -2n }],
    [-1n, 3n, { HALF_UP: 0n, HALF_EVEN: 0n, UP: -1n, DOWN: 0n }],
    [2n, 3n, { HALF_UP: 1n, HALF_EVEN: 1n, UP: 1n, DOWN: 0n }],
    [6n, 3n, { HALF_UP: 2n, HALF_EVEN: 2n, UP: 2n, DOWN: 2n }],
    [0n, -3n, { HALF_UP: 0n, HALF_EVEN: 0n, UP: 0n, DOWN: 0n }],
  ];
  const modes: readonly Rounding[] = ['HALF_UP', 'HALF_EVEN', 'UP', 'DOWN'];

  it.each(table)('%s / %s', (numerator, denominator, expected) => {
    for (const mode of modes) expect(roundQuotient(numerator, denominator, mode), mode).toBe(expected[mode]);
  });

  it('is never a whole unit away from the exact value, and never half a unit when it goes to the nearest', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), fc.constantFrom(...modes), (numerator, denominator, mode) => {
        fc.pre(denominator !== 0n);
        const size = denominator < 0n ? -denominator : denominator;
        const error = roundQuotient(numerator, denominator, mode) * denominator - numerator;
        const magnitude = error < 0n ? -error : error;
        expect(magnitude < size).toBe(true);
        if (mode.startsWith('HALF')) expect(magnitude * 2n <= size).toBe(true);
      }),
    );
  });

  it('refuses to divide by zero', () => {
    expect(() => roundQuotient(1n, 0n, 'DOWN')).toThrowError(
      expect.toSatisfy((error: unknown) => hasCode(error, 'DECIMAL_INVALID')),
    );
  });
});
