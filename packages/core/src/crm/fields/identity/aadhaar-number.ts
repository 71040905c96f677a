import { verhoeffHolds } from './verhoeff.js';

/**
 * What is wrong with a 12-digit Aadhaar number, undefined when nothing is: it begins with 2 to 9, ends in a Verhoeff digit
 * and is not a palindrome. The phrase holds no digit of the number.
 */
export function aadhaarNumberFault(digits: string): string | undefined {
  if (!/^\d{12}$/.test(digits)) return 'does not have 12 digits';
  if (!/^[2-9]/.test(digits)) return 'begins with 0 or 1, which no Aadhaar number does';
  if (digits === [...digits].reverse().join('')) return 'reads the same backwards, which no Aadhaar number does';
  if (!verhoeffHolds(digits)) return 'has a wrong check digit: a digit is mistyped or two are swapped';
  return undefined;
}

/** True for a text that holds a whole valid Aadhaar number, however its digits are parted. */
export function holdsAadhaarNumber(text: string): boolean {
  for (const [run] of text.matchAll(/\d(?:[\s.-]?\d)*/g)) {
    const digits = run.replace(/\D/g, '');
    if (digits.length === 12 && aadhaarNumberFault(digits) === undefined) return true;
  }
  return false;
}
