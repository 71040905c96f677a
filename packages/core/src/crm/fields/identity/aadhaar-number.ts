import { foldDigits } from '../../../foundation/kernel/index.js';
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

/**
 * A text with all but the last four digits of each valid Aadhaar number in it replaced: `ask for XXXX XXXX 2346`. Every free text passes
 * here before it is stored. Idempotent.
 * @param hidden what stands for the first eight digits
 */
export function hideAadhaarNumbers(text: string, hidden: string = 'XXXX XXXX '): string {
  if (text.length < 12) return text;
  return text
    .split(ours)
    .map((part, index) => (index % 2 === 1 ? part : hideIn(part, hidden)))
    .join('');
}

function hideIn(text: string, hidden: string): string {
  let shown = '';
  let end = 0;
  for (const { index, 1: found = '' } of text.matchAll(twelveDigits)) {
    const digits = foldDigits(found).replace(/\D/g, '');
    if (index < end || aadhaarNumberFault(digits) !== undefined) continue;
    shown += `${text.slice(end, index)}${hidden}${digits.slice(-4)}`;
    end = index + found.length;
  }
  return shown + text.slice(end);
}

/** Ids as LMS makes them, whose digits may look like a number; a captured part, so that `split` keeps them. */
const ours = /(?<![0-9a-z])([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})(?![0-9a-z])/i;

/** As the card prints it, three groups of four, whatever parts them or nothing; or each digit in a box of its own. */
const twelveDigits = new RegExp(
  [
    // `+919820012346` is a phone number.
    String.raw`(?<!\p{Nd})(?!(?<=\+)91[6-9]\d{9})`,
    // Looks ahead without taking them, as the next number may begin inside what was no number.
    String.raw`(?=(\p{Nd}{4}(?:PARTED{0,3}\p{Nd}{4}){2}|\p{Nd}(?:[\s\p{Pd}]{1,3}\p{Nd}){11})(?!\p{Nd}))`,
  ]
    .join('')
    .replace('PARTED', String.raw`[\s.\/\\_,|\p{Pd}\u2212\u00ad\u200b-\u200f\u2060\ufeff]`),
  'gu',
);
