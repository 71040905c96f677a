import { describe, expect, it } from 'vitest';
import type { FieldDefinition } from '../../fields/index.js';
import { type ColumnPlan, HeadingIndex, type MatchOptions, matchColumns } from '../match-columns.js';
import type { Cell, SourceRow } from '../rows/index.js';

const fields: readonly FieldDefinition[] = [
  { key: 'fullName', label: 'Full name', type: 'text', required: true },
  { key: 'mobile', label: 'Mobile number', type: 'phone', required: true },
  { key: 'otherMobile', label: 'Alternate mobile', type: 'phone' },
  { key: 'email', label: 'Email', type: 'email' },
  { key: 'pan', label: 'PAN', type: 'pan' },
  { key: 'born', label: 'Date of birth', type: 'date' },
  { key: 'loanAmount', label: 'Loan amount', type: 'money' },
  { key: 'pincode', label: 'PIN code', type: 'pincode' },
  {
    key: 'employment',
    label: 'Employment',
    type: 'enum',
    options: [
      { value: 'salaried', label: 'Salaried' },
      { value: 'business', label: 'Self-employed' },
    ],
  },
];
const index = new HeadingIndex({
  fields,
  roles: { name: 'fullName', phone: 'mobile', email: 'email', amount: 'loanAmount' },
});

function cell(text: string): Cell {
  return text === '' ? { kind: 'empty', text: '', value: null } : { kind: 'text', text, value: text };
}

/** Columns given one below the other, as `heading: values`. */
function planOf(columns: Readonly<Record<string, readonly string[]>>, options: MatchOptions = {}): ColumnPlan {
  const values = Object.values(columns);
  const sample = Array.from({ length: Math.max(0, ...values.map((one) => one.length)) }, (_, at): SourceRow => {
    return { rowNumber: at + 2, cells: values.map((one) => cell(one[at] ?? '')) };
  });
  return matchColumns(Object.keys(columns), index, { sample, isSealed: (key) => key !== 'loanAmount', ...options });
}

const mobiles = ['98200 00001', '+91-98200-00002', '09820000003', '9820000004', '98200.00005'];
const names = ['Asha Rao', 'आशा राव', 'R. Kumar', 'Imran', 'Meera N'];

describe('values held against headings', () => {
  it('keep what the heading says when they agree', () => {
    const { columns, unmatched } = planOf({ Name: names, Mobile: mobiles });
    expect(columns.map(({ field, confidence, notes }) => [field, confidence, notes])).toEqual([
      ['fullName', 0.85, []],
      ['mobile', 1, []],
    ]);
    expect(unmatched).toEqual([]);
  });

  it('lower the confidence of a heading they contradict, and say so', () => {
    const { columns } = planOf({ 'Mobile number': ['12', '13', '14', mobiles[0] ?? '', '15'] });
    expect(columns).toMatchObject([
      { field: 'mobile', confidence: 0.7, notes: ['the heading says Mobile number, but 1 of 5 values look like one'] },
    ]);
    const { columns: none, unmatched } = planOf({ Phone: ['12', '13', '14', '15'] });
    expect(none).toEqual([]);
    expect(unmatched).toMatchObject([{ reason: 'not sure', suggestion: 'mobile', confidence: 0.43 }]);
  });

  it.each([
    ['Name', mobiles, 'fullName', 'mobile numbers'],
    ['Full name', ['a@example.in', 'b@example.in', 'c@example.in'], 'fullName', 'mail addresses'],
    ['Loan amount', ['9820000001', '9820000002', '9820000003'], 'loanAmount', 'mobile numbers'],
  ])('a column %s with other things in it is not read, even under its own name', (heading, values, field, what) => {
    const { columns, unmatched } = planOf({ [heading]: values });
    expect(columns).toEqual([]);
    expect(unmatched[0]).toMatchObject({ reason: 'not sure', suggestion: field });
    expect(unmatched[0]?.notes[0]).toContain(`${values.length} of ${values.length} values look like ${what}`);
  });

  it('are not read in an order in which some do not exist while all do in another', () => {
    const american = { 'Date of birth': ['12/31/1990', '11/28/1985', '01/02/1992', '01/03/1992', '02/03/1993'] };
    const plan = planOf(american);
    expect(plan.columns).toEqual([]);
    expect(plan.unmatched[0]?.notes).toEqual([
      'some dates cannot be read day first, and all can month first; say date order mdy',
    ]);
    expect(planOf(american, { dateOrder: 'mdy' }).columns).toMatchObject([{ field: 'born', notes: [] }]);
    expect(planOf({ 'Date of birth': ['31/31/1990', '11/12/1985', '01/02/1992'] }).columns).toHaveLength(1);
  });

  it('make up for a vague heading when they agree, and only then', () => {
    expect(planOf({ Contact: mobiles }).columns).toMatchObject([
      { field: 'mobile', reason: 'vague heading', confidence: 0.75 },
    ]);
    expect(planOf({ Contact: names }).columns).toEqual([]);
    expect(planOf({ Contact: [] }).unmatched).toMatchObject([{ suggestion: 'mobile', confidence: 0.6 }]);
  });

  it('are few before they say anything', () => {
    expect(planOf({ Mobile: ['12', '13'] }).columns).toMatchObject([{ field: 'mobile', confidence: 1, notes: [] }]);
  });
});

describe('values without a heading', () => {
  it('are proposed with a lower confidence, and taken only when told to be', () => {
    const columns = { Name: names, '': mobiles };
    const plan = planOf(columns);
    expect(plan.columns.map(({ field }) => field)).toEqual(['fullName']);
    expect(plan.unmatched).toMatchObject([
      {
        heading: 'B',
        reason: 'not sure',
        suggestion: 'mobile',
        confidence: 0.6,
        notes: ['5 of 5 values look like mobile numbers'],
      },
    ]);
    expect(planOf(columns, { mapping: { 'column B': 'mobile' } }).columns).toHaveLength(2);
  });

  it('are less sure below a heading that names nothing known', () => {
    expect(planOf({ WhatsUp: mobiles }).unmatched).toMatchObject([{ suggestion: 'mobile', confidence: 0.45 }]);
  });

  it.each([
    [['a@example.in', 'b@example.in', 'c@example.in'], 'email'],
    [['ABCPE1234F', 'ABCPK1234G', 'AAAPL1234C'], 'pan'],
    [['400053', '560 038', '110001'], 'pincode'],
    [['₹ 5,00,000', '2.5 lakh', 'Rs. 75,000/-'], 'loanAmount'],
    [['15/08/1990', '1 Jan 1985', '1992-12-31'], 'born'],
    [['Salaried', 'Self employed', 'salaried'], 'employment'],
  ])('%j are recognised as %s', (values, field) => {
    expect(planOf({ Q7: values }).unmatched).toMatchObject([{ suggestion: field }]);
  });

  it('are no proposal for a field that another column holds, nor when too many look otherwise', () => {
    expect(
      planOf({ Email: ['x@example.in'], Q: ['a@example.in', 'b@example.in', 'c@example.in'] }).unmatched,
    ).toMatchObject([{ suggestion: null, reason: 'unknown' }]);
    expect(planOf({ Q: [...mobiles.slice(0, 3), 'x', 'y'] }).unmatched).toMatchObject([{ suggestion: null }]);
  });
});

describe('how sure is sure enough', () => {
  it('is for the caller to say', () => {
    expect(planOf({ Contact: [] }, { leastConfidence: 0.5 }).columns).toHaveLength(1);
    expect(planOf({ Name: names }, { leastConfidence: 0.9 }).unmatched).toMatchObject([
      { suggestion: 'fullName', reason: 'not sure' },
    ]);
  });
});

describe('units of amounts', () => {
  it.each([
    ['Loan Amt (in lakhs)', 'lakh'],
    ["Loan Amt (Rs. '000)", 'thousand'],
    ['Loan Amount in Cr', 'crore'],
    ['ऋण राशि (लाख)', 'lakh'],
    ['ऋण राशि (लाख में)', 'lakh'],
  ])('%s is told', (heading, unit) => {
    const [column] = planOf({ [heading]: ['5', '2.5', '12'] }).columns;
    expect(column).toMatchObject({ field: 'loanAmount', unit });
    expect(column?.notes.join()).toContain(`5 is read as 5 ${unit}`);
  });

  it('are not guessed where the numbers say otherwise', () => {
    const { columns, unmatched } = planOf({ 'Loan Amt (in lakhs)': ['500000', '250000', '12'] });
    expect(columns).toEqual([]);
    expect(unmatched[0]).toMatchObject({ suggestion: 'loanAmount', reason: 'not sure' });
    expect(unmatched[0]?.notes[0]).toMatch(/2 of 3 values are too large/);
  });

  it('are what the mapping says, and none where it says none', () => {
    const values = ['5', '2.5', '12'];
    const unitOf = (target: object): unknown =>
      planOf(
        { 'Loan Amt (in lakhs)': values },
        { mapping: { 'Loan Amt (in lakhs)': { field: 'loanAmount', ...target } } },
      ).columns[0]?.unit;
    expect(unitOf({ unit: 'crore' })).toBe('crore');
    expect(unitOf({ unit: 'one' })).toBeUndefined();
    expect(unitOf({})).toBe('lakh');
  });

  it('are of those that there are, whoever asks', () => {
    const target = JSON.parse('{ "field": "loanAmount", "unit": "lacs" }');
    expect(() => planOf({ Amt: ['5'] }, { mapping: { Amt: target } })).toThrow(/a unit is one of one, thousand, lakh/);
  });

  it('belong to money', () => {
    expect(() => planOf({ Name: names }, { mapping: { Name: { field: 'fullName', unit: 'lakh' } } })).toThrow(
      /takes no unit/,
    );
    expect(planOf({ 'Mobile (in lakhs)': mobiles }).columns).toEqual([]);
  });
});

describe('samples', () => {
  it('are masked where the field is sealed or none is known, and cut short', () => {
    const { columns, unmatched } = planOf({
      Mobile: mobiles,
      'Loan amount': ['5 lakh', '5 lakh', 'x'.repeat(90)],
      Other: names,
    });
    expect(columns[0]?.samples.every((text) => text.startsWith('******'))).toBe(true);
    expect(columns[1]?.samples).toEqual(['5 lakh', `${'x'.repeat(29)}…`]);
    expect(JSON.stringify(unmatched)).not.toMatch(/Asha|राव/);
  });
});

describe('a mapping written for many files', () => {
  it('names itself and the file when a column is gone, and lets a left-out one be', () => {
    const mapping = { 'Cust. Phone': 'mobile', Remarks: '-' } as const;
    expect(() => planOf({ Naam: names, 'Cust Phone No': mobiles }, { mapping, mappingName: 'bank-x' })).toThrow(
      /mapping "bank-x" reads a column "Cust\. Phone" that the file does not have; did you mean "Cust Phone No"\?; the file has "Naam", "Cust Phone No"/,
    );
    expect(planOf({ Name: names }, { mapping: { Remarks: '-' }, mappingName: 'bank-x' }).columns).toHaveLength(1);
    expect(() => planOf({ Name: names }, { mapping: { Remarks: '-' } })).toThrow(/no column "Remarks"/);
  });

  it('says the date order of one column', () => {
    const [column] = planOf({ DOB: ['12/31/1990'] }, { mapping: { DOB: { field: 'born', dateOrder: 'mdy' } } }).columns;
    expect(column).toMatchObject({ dateOrder: 'mdy', notes: [] });
  });
});
