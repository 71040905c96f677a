import { foldDigits } from '../../../foundation/kernel/index.js';

/** A code of letters and digits as it is printed on documents: capitals, ASCII digits, no spaces, hyphens or dots. */
export function codeText(typed: string): string {
  return foldDigits(typed)
    .toUpperCase()
    .replace(/[\s.-]/g, '');
}
