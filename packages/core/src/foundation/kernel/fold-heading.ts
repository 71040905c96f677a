import { cleanText } from './clean-text.js';
import { foldDigits } from './digits.js';

/** A heading without case, spaces and punctuation: `Mobile No.` and `mobile_no` are one. Empty when nothing is left. */
export function foldHeading(text: string): string {
  return foldDigits(cleanText(text).normalize('NFKC'))
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
