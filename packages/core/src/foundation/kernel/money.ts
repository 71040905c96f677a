import { LmsError } from './errors.js';

/**
 * Money as a whole number of the currency's minor unit (paise for INR), never beyond ±(2^53 - 1). The name of a value
 * says the unit: `principalPaise`. No float ever holds money in its major unit.
 */
export type MinorUnits = number;

const largest = BigInt(Number.MAX_SAFE_INTEGER);

export function isMinorUnits(value: unknown): value is MinorUnits {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** @throws LmsError `AMOUNT_OUT_OF_RANGE` when the integer is beyond what can be stored exactly */
export function minorUnitsOf(value: bigint): MinorUnits {
  if (value > largest || value < -largest) {
    throw new LmsError('AMOUNT_OUT_OF_RANGE', {
      message: `The amount is too large: at most ${largest} minor units (paise) can be stored exactly`,
    });
  }
  return Number(value);
}

/**
 * @throws LmsError `AMOUNT_OUT_OF_RANGE` when the sum is beyond what can be stored exactly, `AMOUNT_INVALID` when an
 * argument is not a whole number of minor units
 */
export function addAmounts(a: MinorUnits, b: MinorUnits): MinorUnits {
  return sumAmounts([a, b]);
}

/** The exact sum, zero for none; it may pass the range on the way. Throws as {@link addAmounts}. */
export function sumAmounts(amounts: Iterable<MinorUnits>): MinorUnits {
  let total = 0n;
  let run = 0;
  for (const amount of amounts) {
    if (!isMinorUnits(amount)) {
      throw new LmsError('AMOUNT_INVALID', { message: `${amount} is not a whole number of minor units (paise)` });
    }
    const next = run + amount;
    if (Number.isSafeInteger(next)) {
      run = next;
    } else {
      total += BigInt(run) + BigInt(amount);
      run = 0;
    }
  }
  return minorUnitsOf(total + BigInt(run));
}
