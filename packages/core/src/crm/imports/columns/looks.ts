import { cleanText, foldDigits } from '../../../foundation/kernel/index.js';
import {
  type AvailableFieldTypeName,
  type FieldContext,
  type FieldDefinition,
  fieldTypes,
} from '../../fields/index.js';
import { isNoValueWord } from '../no-value-words.js';
import type { Cell } from '../rows/index.js';

/** What values can look like whatever stands above them. */
export const lookNames = ['phone', 'email', 'pan', 'gstin', 'ifsc', 'aadhaar', 'pincode', 'date', 'amount'] as const;
export type LookName = (typeof lookNames)[number];

/** The filled cells of one column in the first rows below the header. */
export interface ColumnSample {
  readonly cells: readonly Cell[];
  /** How many of them look like each thing. */
  readonly looks: Readonly<Record<LookName, number>>;
}

/** What a neutral reader needs; for looks neither day nor currency matter. */
export const neutralContext: FieldContext = {
  currency: 'INR',
  dateOrder: 'dmy',
  today: '2026-01-01',
  timeZone: 'Asia/Kolkata',
};

/** Longer texts look like nothing. */
const longestLook = 200;

const mobile = /^(?:\+91|0091|0?91|0)?[6-9]\d{9}$/;
const pincode = /^[1-8]\d{2} ?\d{3}$/;
const dayInDigits = /^(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})$/;
const dayWithMonth = /^\d{1,2}(?:st|nd|rd|th)?[\s/.-]*[a-z]{3,9}[\s/.,-]*\d{2,4}$/i;
const markedAmount =
  /^(?:(?:rs\.?|inr|₹)\s*[\d,.]+.*|[\d,.]+\s*(?:lakhs?|lacs?|l|cr|crores?|k|\/-)\.?|\d{1,2}(?:,\d\d)*,\d{3}(?:\.\d+)?)$/i;

const looks: Readonly<Record<LookName, (text: string, cell: Cell) => boolean>> = {
  phone: (text) => mobile.test(text.replace(/[\s().-]/g, '').replace(/\.0$/, '')) && !dayInDigits.test(text),
  // The patterns leave out what is plainly none: reading is the dear part.
  email: (text) => text.includes('@') && reads('email', text),
  pan: (text) => /^[a-z]{5}[\s.-]?\d/i.test(text) && reads('pan', text),
  gstin: (text) => /^\d\d[\s.-]?[a-z]{3}/i.test(text) && reads('gstin', text),
  ifsc: (text) => /^[a-z]{4}[\s.-]?0/i.test(text) && reads('ifsc', text),
  aadhaar: (text) => /^(?:[\dx*•#]{4}[\s-]?){2}\d{4}$/i.test(text) && reads('aadhaar', text),
  pincode: (text) => pincode.test(text) && !text.endsWith('000'),
  date: (text, cell) => cell.kind === 'date' || dayInDigits.test(text) || dayWithMonth.test(text),
  amount: (text) => markedAmount.test(text),
};

function reads(type: AvailableFieldTypeName, text: string): boolean {
  const field: FieldDefinition = { key: 'value', label: 'Value', type };
  return fieldTypes[type].parse(text, field, neutralContext).ok;
}

/** Counts how the cells of a column look; empty ones, also such as `NA`, say nothing of it and are left out. */
export function sampleOf(cells: readonly Cell[]): ColumnSample {
  const filled = cells.filter((cell) => cell.kind !== 'empty' && !isNoValueWord(cell.text));
  const counts: Record<LookName, number> = {
    phone: 0,
    email: 0,
    pan: 0,
    gstin: 0,
    ifsc: 0,
    aadhaar: 0,
    pincode: 0,
    date: 0,
    amount: 0,
  };
  for (const cell of filled) {
    if (cell.text.length > longestLook) continue;
    const text = foldDigits(cleanText(cell.text));
    for (const name of lookNames) if (looks[name](text, cell)) counts[name] += 1;
  }
  return { cells: filled, looks: counts };
}

/** The look that at least so many of the values have; the surest, or null. */
export function commonLook(sample: ColumnSample, leastShare: number): { name: LookName; count: number } | null {
  const [best = null] = lookNames
    .map((name) => ({ name, count: sample.looks[name] }))
    .filter(({ count }) => count > 0 && count >= leastShare * sample.cells.length)
    .sort((a, b) => b.count - a.count);
  return best;
}

/** As a person says it: `mobile numbers`. */
export const lookText: Readonly<Record<LookName, string>> = {
  phone: 'mobile numbers',
  email: 'mail addresses',
  pan: 'PANs',
  gstin: 'GSTINs',
  ifsc: 'IFSCs',
  aadhaar: 'Aadhaar numbers',
  pincode: 'PIN codes',
  date: 'dates',
  amount: 'amounts',
};
