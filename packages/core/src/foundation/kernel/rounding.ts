import { LmsError } from './errors.js';

/**
 * How a value between two representable ones is rounded. `HALF_UP`: to the nearest, a half away from zero.
 * `HALF_EVEN`: to the nearest, a half to the even neighbour. `UP`: away from zero. `DOWN`: toward zero.
 */
export type Rounding = 'HALF_UP' | 'HALF_EVEN' | 'UP' | 'DOWN';

type Comparison = -1 | 0 | 1;

/** Whether the magnitude goes up by one, given how twice the remainder compares with the divisor. */
const goesUp: Record<Rounding, (half: Comparison, quotientIsOdd: boolean) => boolean> = {
  HALF_UP: (half) => half >= 0,
  HALF_EVEN: (half, quotientIsOdd) => half > 0 || (half === 0 && quotientIsOdd),
  UP: () => true,
  DOWN: () => false,
};

/**
 * `numerator / denominator` as a whole number, rounded as said. Exact for integers of any size and sign.
 * @throws LmsError `DECIMAL_INVALID` when the denominator is zero
 */
export function roundQuotient(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator === 0n) throw new LmsError('DECIMAL_INVALID', { message: 'Cannot divide by zero' });
  const negative = numerator < 0n !== denominator < 0n;
  const dividend = numerator < 0n ? -numerator : numerator;
  const divisor = denominator < 0n ? -denominator : denominator;
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const twice = remainder * 2n;
  const half: Comparison = twice < divisor ? -1 : twice > divisor ? 1 : 0;
  const up = remainder !== 0n && goesUp[rounding](half, quotient % 2n === 1n);
  const magnitude = up ? quotient + 1n : quotient;
  return negative ? -magnitude : magnitude;
}
