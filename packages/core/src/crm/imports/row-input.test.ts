import { describe, expect, it } from 'vitest';
import { lineSchemaOf, parseDefinition } from '../fields/index.js';
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

const options = (...labels: readonly string[]): { value: string; label: string }[] =>
  labels.map((label, at) => ({ value: `option-${at}`, label }));

const schema = lineSchemaOf(
  parseDefinition({
    slug: 'loans',
    name: 'Loans',
    roles: { name: 'name', phone: 'phone' },
    fields: [
      { key: 'f0', label: 'Anything', type: 'money' },
      { key: 'name', label: 'Name', type: 'text', required: true },
      { key: 'remarks', label: 'Remarks', type: 'long-text' },
      { key: 'home', label: 'Home', type: 'address' },
      { key: 'phone', label: 'Phone', type: 'phone' },
      { key: 'email', label: 'Email', type: 'email' },
      { key: 'pan', label: 'PAN', type: 'pan' },
      { key: 'site', label: 'Site', type: 'url' },
      { key: 'born', label: 'Born', type: 'date' },
      { key: 'tenure', label: 'Tenure', type: 'integer' },
      { key: 'owner', label: 'Owner', type: 'boolean' },
      { key: 'work', label: 'Work', type: 'enum', options: options('Salaried', 'Business') },
      { key: 'security', label: 'Security', type: 'enum', options: options('House', 'None', 'N/A') },
      { key: 'policies', label: 'Policies', type: 'multi-enum', options: options('Life', 'Nil') },
    ],
    pipeline: {
      stages: [
        { slug: 'new', name: 'New', colour: '#3366cc', next: ['won'] },
        { slug: 'won', name: 'Won', colour: '#109618', terminal: 'won', next: [] },
      ],
    },
  }),
  1,
);

function inputOf(cell: Cell, more: Partial<ColumnMatch> = {}): unknown {
  const reading = { columns: [column(0, more)], width: 1, schema };
  const { fields, problems } = rowInput({ rowNumber: 2, cells: [cell] }, reading);
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

  const words = ['NA', 'na', 'N/A', ' n.a. ', '-', '--', '—', 'Nil', 'none', '\u00A0NONE\u200B'];

  function wordIn(field: string, word: string): unknown {
    const columns = [column(0, { field, unit: 'lakh' })];
    const { fields, problems, emptied } = rowInput(
      { rowNumber: 2, cells: [text(word)] },
      { columns, width: 1, schema },
    );
    expect(problems).toEqual([]);
    return emptied.length > 0 ? emptied : fields[field];
  }

  it.each(['phone', 'email', 'pan', 'site', 'born', 'tenure', 'owner', 'work', 'f0'])(
    'has no value where it says so by a word: %s',
    (field) => {
      for (const word of words) expect(wordIn(field, word)).toEqual([field]);
    },
  );

  it('has the word as its value where the field may mean it', () => {
    for (const field of ['name', 'remarks', 'home']) expect(wordIn(field, 'NA')).toMatch(/^NA/);
    expect(wordIn('security', 'none')).toMatch(/^none/);
    expect(wordIn('security', 'n/a')).toMatch(/^n\/a/);
    expect(wordIn('security', '-')).toEqual(['security']);
    expect(wordIn('policies', 'NIL')).toMatch(/^NIL/);
    expect(wordIn('policies', 'none')).toEqual(['policies']);
  });

  it('is not taken as empty when a formula has failed in it, or it only begins like such a word', () => {
    const failed: Cell = { kind: 'error', text: '#N/A', value: 'formula' };
    expect(inputOf(failed, { field: 'email' })).toEqual(['email: cell-formula']);
    for (const typed of ['nano', '-5', '---', 'nilesh', 'no']) expect(wordIn('tenure', typed)).not.toEqual(['tenure']);
  });
});
