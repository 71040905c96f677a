import type { DateOrder } from '../../foundation/kernel/index.js';

/** What a bare number of a column counts; `one` is the currency's major unit itself. */
export const amountUnits = ['one', 'thousand', 'lakh', 'million', 'crore'] as const;
export type AmountUnit = (typeof amountUnits)[number];

/** A field, with what is particular to how its column is written. */
export interface ColumnTarget {
  readonly field: string;
  /** How all-digit dates of this column are read; that of the file when absent. */
  readonly dateOrder?: DateOrder;
  /** What a bare number of this column counts; what the heading says when absent. For money fields. */
  readonly unit?: AmountUnit;
}

/**
 * Which column holds which field, said by a person: heading (or `column C`) to field key or label. `-` leaves a column out.
 * `{ "Mobile No.": "mobile", "Amt": { "field": "loanAmount", "unit": "lakh" }, "Remarks": "-" }`
 */
export type ColumnMapping = Readonly<Record<string, string | ColumnTarget>>;
