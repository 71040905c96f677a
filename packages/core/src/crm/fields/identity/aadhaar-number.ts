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
  return hideAadhaarNumbers(text) !== text;
}

/** A text with all but the last four digits of each valid Aadhaar number in it hidden: `ask for XXXX XXXX 2346`. */
export function hideAadhaarNumbers(text: string): string {
  let shown = '';
  let end = 0;
  for (const { index, 1: found = '' } of text.matchAll(twelveDigits)) {
    const digits = found.replace(/\D/g, '');
    if (index < end || aadhaarNumberFault(digits) !== undefined) continue;
    shown += `${text.slice(end, index)}XXXX XXXX ${digits.slice(-4)}`;
    end = index + found.length;
  }
  return shown + text.slice(end);
}

/**
 * From each digit that begins a group: twelve with at most two other signs between them, and no thirteenth. It looks ahead without taking
 * them, as the next number may begin inside what was no number.
 */
const twelveDigits = /(?<!\d)(?=(\d(?:[\s.-]{0,2}\d){11})(?!\d))/g;
