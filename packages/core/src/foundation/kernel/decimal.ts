import { LmsError } from './errors.js';
import { quoted } from './quoted.js';
import { type Rounding, roundQuotient } from './rounding.js';

/**
 * An exact decimal number in its one canonical spelling: `"14"`, `"0.5"`, `"-3.25"`. No exponent, no grouping, no
 * leading or trailing zeros, no `"-0"`. Two equal numbers are the same text. (It does not sort as text.)
 */
export type Decimal = string;

/** How many digits stand after the point (`scale`, zero or more) and how the rest is rounded. */
export interface DecimalPlaces {
  readonly scale: number;
  readonly rounding: Rounding;
}

/** The number is `unscaled / 10^scale`. */
interface Scaled {
  readonly unscaled: bigint;
  readonly scale: number;
}

const mostCharacters = 1000;
const largestScale = 500;
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const canonicalPattern = /^(?:0|-?(?:[1-9]\d*(?:\.\d*[1-9])?|0\.\d*[1-9]))$/;

/**
 * Reads plain decimal notation (`"014.50"`, `"+3"`, `".5"`) into the canonical form. What a person types with grouping,
 * units or other digits is the business of whoever reads it, not of this function.
 * @throws LmsError `DECIMAL_INVALID` on anything else, exponents and more than 1,000 characters included
 */
export function parseDecimal(text: string): Decimal {
  return isDecimal(text) ? text : canonical(read(text));
}

/** True when the text is a decimal in its canonical spelling, of at most 1,000 characters. */
export function isDecimal(text: string): boolean {
  return text.length <= mostCharacters && canonicalPattern.test(text);
}

/**
 * The exact decimal that JavaScript prints for the number: `0.1` is `"0.1"`, `1e21` is `"1000000000000000000000"`.
 * @throws LmsError `DECIMAL_INVALID` for NaN and the infinities
 */
export function decimalFromNumber(value: number): Decimal {
  if (!Number.isFinite(value)) throw new LmsError('DECIMAL_INVALID', { message: `${value} is not a decimal number` });
  const [digits = '', exponent] = String(value).split('e');
  const { unscaled, scale } = read(digits);
  const shift = exponent === undefined ? 0 : Number(exponent);
  return shift > scale
    ? canonical({ unscaled: unscaled * tenTo(shift - scale), scale: 0 })
    : canonical({ unscaled, scale: scale - shift });
}

/** -1 when `a` is less than `b`, 0 when they are equal, 1 when it is greater. */
export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (isDecimal(a) && isDecimal(b)) {
    // Rounding to a double keeps order, so where two doubles differ the decimals do, the same way.
    const [near, other] = [Number(a), Number(b)];
    if (a === b) return 0;
    if (near !== other) return near < other ? -1 : 1;
  }
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** How many digits stand after the point. */
export function decimalScale(value: Decimal): number {
  const point = parseDecimal(value).split('.');
  return point[1]?.length ?? 0;
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = aligned(a, b);
  return canonical({ unscaled: left + right, scale });
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = aligned(a, b);
  return canonical({ unscaled: left - right, scale });
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  const left = read(a);
  const right = read(b);
  return canonical({ unscaled: left.unscaled * right.unscaled, scale: left.scale + right.scale });
}

/**
 * `a / b` to `scale` digits after the point.
 * @throws LmsError `DECIMAL_INVALID` when `b` is zero
 */
export function divideDecimals(a: Decimal, b: Decimal, places: DecimalPlaces): Decimal {
  const [left, right] = aligned(a, b);
  const scale = checkedScale(places.scale);
  return canonical({ unscaled: roundQuotient(left * tenTo(scale), right, places.rounding), scale });
}

/** The value to `scale` digits after the point; a value that has fewer stays as it is. */
export function roundDecimal(value: Decimal, places: DecimalPlaces): Decimal {
  const { unscaled, scale } = read(value);
  const wanted = checkedScale(places.scale);
  if (scale <= wanted) return canonical({ unscaled, scale });
  return canonical({ unscaled: roundQuotient(unscaled, tenTo(scale - wanted), places.rounding), scale: wanted });
}

function read(text: string): Scaled {
  const match = text.length <= mostCharacters ? pattern.exec(text) : null;
  const [, sign, whole = '', fraction = ''] = match ?? [];
  const digits = whole + fraction;
  if (match === null || digits === '') {
    throw new LmsError('DECIMAL_INVALID', {
      message: `${quoted(text)} is not a decimal number; expected digits with at most one point, such as "14" or "-3.25"`,
    });
  }
  const magnitude = BigInt(digits);
  return { unscaled: sign === '-' ? -magnitude : magnitude, scale: fraction.length };
}

function canonical({ unscaled, scale }: Scaled): Decimal {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** Both numbers over the same power of ten. */
function aligned(a: Decimal, b: Decimal): [left: bigint, right: bigint, scale: number] {
  const left = read(a);
  const right = read(b);
  const scale = Math.max(left.scale, right.scale);
  return [left.unscaled * tenTo(scale - left.scale), right.unscaled * tenTo(scale - right.scale), scale];
}

function checkedScale(scale: number): number {
  if (Number.isInteger(scale) && scale >= 0 && scale <= largestScale) return scale;
  throw new LmsError('DECIMAL_INVALID', {
    message: `A scale is a whole number from 0 to ${largestScale}, not ${scale}`,
  });
}

function tenTo(power: number): bigint {
  return 10n ** BigInt(power);
}
