import { cleanText, foldDigits } from '../../foundation/kernel/index.js';

/** Headings of the two columns that a reject file adds; an import of that file leaves them out. */
export const reasonsHeading = 'LMS reasons';
export const rowHeading = 'LMS row';

/** A heading without case, spaces and punctuation: `Mobile No.` and `mobile_no` are one. Empty when nothing is left. */
export function foldHeading(text: string): string {
  return foldDigits(cleanText(text).normalize('NFKC'))
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}

/** The same without what stands in brackets and the star of a required column: `Loan Amount (Rs.) *` is `loanamount`. */
export function foldBareHeading(text: string): string {
  return foldHeading(text.replace(/\([^)]*\)|\[[^\]]*\]/g, ' '));
}

const ownHeadings: ReadonlySet<string> = new Set([reasonsHeading, rowHeading].map(foldHeading));

export function isOwnHeading(text: string): boolean {
  return ownHeadings.has(foldHeading(text));
}

/** The letter a spreadsheet shows above a column: 0 is `A`, 26 is `AA`. */
export function columnLetter(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnLetter(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}
