import { foldHeading } from '../../foundation/kernel/index.js';
import { leadHeadings } from '../exports/index.js';

export { foldHeading };

/** Headings of the two columns that a reject file adds; an import of that file leaves them out. */
export const reasonsHeading = 'LMS reasons';
export const rowHeading = 'LMS row';

/** The same without what stands in brackets and the star of a required column: `Loan Amount (Rs.) *` is `loanamount`. */
export function foldBareHeading(text: string): string {
  return foldHeading(text.replace(/\([^)]*\)|\[[^\]]*\]/g, ' '));
}

const addedHeadings: ReadonlySet<string> = new Set([reasonsHeading, rowHeading].map(foldHeading));
const ownHeadings: ReadonlySet<string> = new Set([...addedHeadings, ...leadHeadings.map(foldHeading)]);

/** Whether a reject file added the column. */
export function isOfRejectFile(text: string): boolean {
  return addedHeadings.has(foldHeading(text));
}

/** Whether LMS itself wrote the column: what a reject file adds, and what an export tells of a lead beside its fields. */
export function isOwnHeading(text: string): boolean {
  return ownHeadings.has(foldHeading(text));
}
