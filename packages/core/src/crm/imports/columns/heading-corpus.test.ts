import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type FieldDefinition, lineSchemaOf, parseDefinition, parseDefinitionText } from '../../fields/index.js';
import { matchColumns } from '../match-columns.js';
import { type CorpusSheet, corpus } from './heading-corpus.js';
import { HeadingIndex } from './heading-index.js';
import { wideSheets } from './wide-sheets-corpus.js';

function example(slug: string): HeadingIndex {
  const file = new URL(`../../../../../../examples/product-lines/${slug}.yaml`, import.meta.url);
  const text = readFileSync(fileURLToPath(file), 'utf8');
  return new HeadingIndex(lineSchemaOf(parseDefinition(parseDefinitionText(text, { format: 'yaml' })), 1));
}

const bare: readonly FieldDefinition[] = [
  { key: 'name', label: 'Full name', type: 'text' },
  { key: 'phone', label: 'Mobile', type: 'phone' },
  { key: 'email', label: 'Email', type: 'email' },
  { key: 'birthDate', label: 'Date of birth', type: 'date' },
  { key: 'loanAmount', label: 'Loan amount', type: 'money' },
  { key: 'netIncome', label: 'Monthly income', type: 'money' },
  { key: 'existingEmi', label: 'Existing EMI', type: 'money' },
  { key: 'pan', label: 'PAN', type: 'pan' },
  { key: 'aadhaar', label: 'Aadhaar', type: 'aadhaar' },
  { key: 'pincode', label: 'PIN code', type: 'pincode' },
  { key: 'gstin', label: 'GSTIN', type: 'gstin' },
  { key: 'ifsc', label: 'IFSC', type: 'ifsc' },
  { key: 'city', label: 'City', type: 'text' },
  { key: 'employer', label: 'Employer', type: 'text' },
  { key: 'designation', label: 'Designation', type: 'text' },
  { key: 'employment', label: 'Employment', type: 'enum', options: [{ value: 'salaried', label: 'Salaried' }] },
  { key: 'creditScore', label: 'Credit score', type: 'integer' },
  { key: 'tenure', label: 'Tenure (months)', type: 'integer' },
  { key: 'interestRate', label: 'Interest rate', type: 'percent' },
];

const sheets: readonly CorpusSheet[] = [...corpus, ...wideSheets];

const lines: Readonly<Record<CorpusSheet['line'], HeadingIndex>> = {
  'personal-loan': example('personal-loan'),
  insurance: example('insurance'),
  demat: example('demat'),
  'bare-loan': new HeadingIndex({
    fields: bare,
    roles: { name: 'name', phone: 'phone', email: 'email', amount: 'loanAmount' },
  }),
};

function taken({ line, headings }: CorpusSheet): Record<string, string> {
  const { columns } = matchColumns(Object.keys(headings), lines[line]);
  return Object.fromEntries(columns.map(({ heading, field }) => [heading, field]));
}

function wanted({ headings }: CorpusSheet): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headings).flatMap(([heading, field]) => (field === null ? [] : [[heading, field]])),
  );
}

describe('headings of real sheets', () => {
  it.each(sheets.map((sheet) => [sheet.name, sheet] as const))(
    '%s: nothing is taken that is not meant',
    (_name, sheet) => {
      expect(taken(sheet)).toEqual(wanted(sheet));
    },
  );

  it('are read with a precision of 1 and a recall of at least 0.95', () => {
    const all = sheets.map((sheet) => ({ took: Object.entries(taken(sheet)), meant: wanted(sheet) }));
    const took = all.flatMap(({ took: pairs, meant }) => pairs.map(([heading, field]) => meant[heading] === field));
    const meantCount = all.reduce((sum, { meant }) => sum + Object.keys(meant).length, 0);
    const right = took.filter(Boolean).length;
    expect({ sheets: sheets.length, wrong: took.length - right }).toEqual({ sheets: 17, wrong: 0 });
    expect(right / meantCount).toBeGreaterThanOrEqual(0.95);
  });
});
