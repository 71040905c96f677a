import { type Decimal, parseDecimal } from '../../../foundation/kernel/index.js';

/** Beyond it a double has no value, and its digits would fill pages. */
const largestExponent = 308;
const mostDigits = 400;

/** The exact decimal of a number in JSON, whatever a double would make of it; null for one that is too large or too long. */
export function decimalOfJson(raw: string): Decimal | null {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(raw) ?? [];
  const exponent = Number(power);
  if (whole === '' || raw.length > mostDigits || Math.abs(exponent) > largestExponent) return null;
  const point = whole.length + exponent;
  const digits = `${'0'.repeat(Math.max(0, -point))}${whole}${fraction}`.padEnd(Math.max(0, point), '0');
  const at = Math.max(0, point);
  return parseDecimal(`${sign}${digits.slice(0, at) || '0'}.${digits.slice(at)}`);
}
