import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnLetter } from '../../foundation/kernel/index.js';
import type { FieldDefinition } from '../fields/index.js';
import { findHeader } from './find-header.js';
import { foldHeading } from './heading.js';
import type { ColumnMapping } from './mapping-target.js';
import { HeadingIndex, matchColumns } from './match-columns.js';
import type { SourceRow } from './rows/index.js';

const fields: readonly FieldDefinition[] = [
  { key: 'fullName', label: 'Full name', type: 'text', required: true, synonyms: ['Customer Name', 'नाम'] },
  { key: 'mobile', label: 'Mobile number', type: 'phone', required: true, synonyms: ['Mobile No.', 'Phone'] },
  { key: 'loanAmount', label: 'Loan amount', type: 'money', required: true, synonyms: ['Loan Amt (Rs)'] },
  { key: 'tenure', label: 'Tenure', type: 'integer', required: true, default: 36 },
  { key: 'fax', label: 'Fax', type: 'text', retired: true },
];
const index = new HeadingIndex({ fields });

function row(rowNumber: number, ...texts: string[]): SourceRow {
  return {
    rowNumber,
    cells: texts.map((text) =>
      text === '' ? { kind: 'empty', text, value: null } : { kind: 'text', text, value: text },
    ),
  };
}

function matched(headings: readonly string[], mapping?: ColumnMapping): Record<string, string> {
  return Object.fromEntries(
    matchColumns(headings, index, mapping === undefined ? {} : { mapping }).columns.map((one) => [
      one.heading,
      `${one.field} by ${one.reason}`,
    ]),
  );
}

describe('matchColumns', () => {
  it('matches by key, label, synonym, and by names known in lending', () => {
    expect(matched(['fullName', 'MOBILE NUMBER', 'loan_amt (rs)', 'Tenure (in months) *'])).toEqual({
      fullName: 'fullName by key',
      'MOBILE NUMBER': 'mobile by label',
      'loan_amt (rs)': 'loanAmount by synonym',
      'Tenure (in months) *': 'tenure by known heading',
    });
    expect(matched(['नाम', ' phone\u00a0'])).toEqual({ नाम: 'fullName by synonym', phone: 'mobile by synonym' });
  });

  it('lists what is not read, with what was perhaps meant, and what is missing', () => {
    const plan = matchColumns(['Customer Nmae', 'Shoe size', 'Fax', 'LMS reasons', 'LMS row', ''], index);
    expect(plan.unmatched.map(({ heading, reason, suggestion }) => [heading, reason, suggestion])).toEqual([
      ['Customer Nmae', 'unknown', 'fullName'],
      ['Shoe size', 'unknown', null],
      ['Fax', 'unknown', null],
    ]);
    expect(plan.missing).toEqual(['fullName', 'mobile', 'loanAmount']);
  });

  it('prefers the surer of two columns and refuses two that fit equally', () => {
    const plan = matchColumns(['Mobile No. (home)', 'Mobile No.'], index);
    expect(plan.columns.map((one) => one.heading)).toEqual(['Mobile No.']);
    expect(plan.unmatched.map((one) => one.reason)).toEqual(['other column fits better']);
    expect(() => matchColumns(['Phone', 'Name', 'Mobile No.'], index)).toThrow(/A "Phone" and C "Mobile No\."/);
  });

  it('does what the mapping says, by heading, by column letter, or leaving a column out', () => {
    expect(matched(['Shoe size', 'Phone', 'Mobile No.'], { 'shoe SIZE': 'Loan amount', 'column B': '-' })).toEqual({
      'Shoe size': 'loanAmount by mapping',
      'Mobile No.': 'mobile by synonym',
    });
    expect(matched(['Phone', 'Shoe size'], { 'Shoe size': 'mobile' })).toEqual({ 'Shoe size': 'mobile by mapping' });
  });

  it('names every wrong place of a mapping, with a guess', () => {
    expect(() =>
      matchColumns(['Phone', 'X', 'X'], index, { mapping: { Phnoe: 'mobile', Phone: 'mobil', X: 'tenure' } }),
    ).toThrow(
      expect.objectContaining({
        code: 'IMPORT_MAPPING_INVALID',
        details: {
          problems: [
            expect.objectContaining({
              path: 'Phnoe',
              rule: 'unknown-column',
              message: expect.stringContaining('"Phone"'),
            }),
            expect.objectContaining({
              path: 'Phone',
              rule: 'unknown-field',
              message: expect.stringContaining('"mobile"'),
            }),
            expect.objectContaining({
              path: 'X',
              rule: 'ambiguous-column',
              message: expect.stringContaining('column B'),
            }),
          ],
        },
      }),
    );
  });

  it('never reads one column twice nor two columns into one field', () => {
    const heading = fc.constantFrom(
      'Phone',
      'Mobile No.',
      'Full name',
      'नाम',
      'Tenure',
      'other',
      '',
      '__proto__',
      'constructor',
    );
    fc.assert(
      fc.property(fc.array(heading, { maxLength: 8 }), (headings) => {
        let columns: ReturnType<typeof matchColumns>['columns'];
        try {
          columns = matchColumns(headings, index).columns;
        } catch {
          return;
        }
        expect(new Set(columns.map((one) => one.field)).size).toBe(columns.length);
        expect(new Set(columns.map((one) => one.index)).size).toBe(columns.length);
      }),
    );
  });

  it('says of every column what becomes of it, whatever headings and values are', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom('__proto__', 'toString', 'Mobile (', '((', 'a.b.c.', 'Loan Amt (in lakhs)', 'Mob #', 'नाम', '₹'),
    );
    const sheet = fc.tuple(
      fc.array(word, { maxLength: 6 }),
      fc.array(fc.array(word, { maxLength: 7 }), { maxLength: 5 }),
    );
    fc.assert(
      fc.property(sheet, fc.double({ min: 0, max: 1, noNaN: true }), ([headings, values], leastConfidence) => {
        const sample = values.map((texts, at) => row(at + 2, ...texts));
        let plan: ReturnType<typeof matchColumns>;
        try {
          plan = matchColumns(headings, index, { sample, leastConfidence });
        } catch (error) {
          expect(error).toMatchObject({ code: 'IMPORT_MAPPING_INVALID' });
          return;
        }
        const told = [...plan.columns, ...plan.unmatched].map((column) => column.index);
        expect(new Set(told).size).toBe(told.length);
        for (const [at, heading] of headings.entries()) {
          if (foldHeading(heading) !== '' && !told.includes(at)) expect(heading).toMatch(/lms/i);
        }
        for (const { confidence, field } of plan.columns) {
          expect(confidence).toBeGreaterThanOrEqual(leastConfidence);
          expect(confidence).toBeLessThanOrEqual(1);
          expect(index.fields.has(field)).toBe(true);
        }
        for (const { confidence, suggestion } of plan.unmatched) {
          expect(suggestion === null ? confidence === 0 : confidence > 0 && confidence <= 1).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is not held up by headings and values without end', () => {
    const endless = ['(', 'a.', '- ', 'aA', '1,', 'क'].map((part) => part.repeat(16_000));
    const headings = Array.from({ length: 40 }, () => endless).flat();
    const sample = Array.from({ length: 20 }, (_, at) => row(at + 2, ...headings));
    expect(matchColumns(headings, index, { sample }).unmatched).toHaveLength(headings.length);
    expect(findHeader(sample, index)).toBeNull();
  });
});

describe('findHeader', () => {
  it('finds the header below titles, also when a title has a field name in it', () => {
    const rows = [
      row(1, 'Leads of Phone Banking'),
      row(2, 'Phone'),
      row(5, 'Sr', 'Customer Name', 'Phone'),
      row(6, '1', 'Asha', '98'),
    ];
    const headings = ['Sr', 'Customer Name', 'Phone'];
    expect(findHeader(rows, index)).toEqual({ rowNumber: 5, headings, fieldsNamed: 2 });
  });

  it('knows a header by the columns of a mapping', () => {
    expect(findHeader([row(1, 'a title'), row(2, 'Col X', 'Col Y')], index, { 'Col X': 'mobile' })?.rowNumber).toBe(2);
  });

  it('finds none in rows of data', () => {
    expect(findHeader([row(1, 'Asha', '98'), row(2, 'Ravi', '97')], index)).toBeNull();
  });
});

describe('headings', () => {
  it('fold to the same whatever case, spaces and punctuation they have', () => {
    expect(foldHeading(' E-Mail_ID.\u200b ')).toBe('emailid');
  });

  it('have the letters that spreadsheets show', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  });
});
