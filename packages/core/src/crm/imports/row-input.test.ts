import { describe, expect, it } from 'vitest';
import type { ColumnMatch } from './columns/column-plan.js';
import { rowInput } from './row-input.js';
import type { Cell } from './rows/index.js';

function column(index: number, more: Partial<ColumnMatch> = {}): ColumnMatch {
  const letter = String.fromCharCode(65 + index);
  return {
    index,
    letter,
    heading: letter,
    field: `f${index}`,
    reason: 'key',
    confidence: 1,
    samples: [],
    notes: [],
    ...more,
  };
}

const text = (value: string): Cell => ({ kind: 'text', text: value, value });
const number = (value: string): Cell => ({ kind: 'number', text: value, value: Number(value) });

function inputOf(cell: Cell, more: Partial<ColumnMatch> = {}): unknown {
  const { fields, problems } = rowInput({ rowNumber: 2, cells: [cell] }, [column(0, more)], 1);
  return problems.length === 0 ? fields['f0'] : problems.map((problem) => `${problem.path}: ${problem.rule}`);
}

describe('a cell given to its field', () => {
  it.each([
    ['5', 'lakh', '5 lakh'],
    ['2.5', 'lakh', '2.5 lakh'],
    ['₹ 5', 'crore', '₹ 5 crore'],
    ['Rs. 75', 'thousand', 'Rs. 75 thousand'],
    ['1,250', 'thousand', '1,250 thousand'],
    ['५', 'lakh', '५ lakh'],
    ['(5)', 'lakh', '(5 lakh)'],
    ['-5', 'lakh', '-5 lakh'],
    ['75 k', 'lakh', '75 k'],
    ['5 lakh', 'lakh', '5 lakh'],
    ['plenty', 'lakh', 'plenty'],
    ['5-10', 'lakh', '5-10'],
    ['500000', 'one', '500000'],
  ] as const)('%j in a column of %ss is %j', (typed, unit, given) => {
    expect(inputOf(text(typed), { unit })).toBe(given);
  });

  it.each([
    ['500000', 'lakh'],
    ['5,00,000', 'crore'],
    ['2500000', 'thousand'],
  ] as const)('%j in a column of %ss refuses the row', (typed, unit) => {
    expect(inputOf(text(typed), { unit })).toEqual(['f0: unit']);
    expect(inputOf(number(typed.replaceAll(',', '')), { unit })).toEqual(['f0: unit']);
  });

  it.each([
    ['1234567890123450000', ['f0: digits-lost']],
    ['1234567890123450', ['f0: digits-lost']],
    ['123456789012345', '123456789012345'],
    // Not of a spreadsheet: all digits are there.
    ['12345678901234567', '12345678901234567'],
  ])('the number %s is %j', (digits, given) => {
    expect(inputOf(number(digits))).toEqual(given);
    expect(inputOf(text(digits))).toBe(digits);
  });
});
