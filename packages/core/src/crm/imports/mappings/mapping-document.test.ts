import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { mappingJsonSchema, mappingUsed, parseMappingText, readMapping, withMapping } from './index.js';

const published = new URL('../../../../schemas/import-mapping.schema.json', import.meta.url);

const yaml = `# How Bank X sends its leads
productLine: personal-loan
sheet: Leads
headerRow: 3
dateOrder: mdy
source: bank-x
columns:
  Cust. Name: fullName
  "Mob #": mobile
  Loan Amt: { field: loanAmount, unit: lakh }
  DOB: { field: dateOfBirth, dateOrder: dmy }
  column H: "-"
`;

describe('a mapping file', () => {
  it('is read as YAML and as JSON', () => {
    const document = parseMappingText(yaml, { format: 'yaml' });
    expect(document).toMatchObject({ headerRow: 3, columns: { 'Loan Amt': { field: 'loanAmount', unit: 'lakh' } } });
    expect(parseMappingText(JSON.stringify(document), { format: 'json' })).toEqual(document);
  });

  it.each([
    ['sheets: Leads\ncolumns: {}', 'sheets', /unknown key "sheets"; did you mean "sheet"\? \(line 1/],
    ['columns: { Amt: { field: a, unit: lakhs } }', 'columns.Amt', /unit: one, thousand, lakh/],
    ['columns: { Amt: { unit: lakh } }', 'columns.Amt', /expected a field/],
    ['dateOrder: day\ncolumns: {}', 'dateOrder', /expected dmy, mdy or ymd/],
    ['headerRow: 0\ncolumns: {}', 'headerRow', />=1|1/],
    ['productLine: x', 'columns', /missing/],
    ['columns: { __proto__: a }', 'columns.__proto__', /not allowed/],
    ['columns: { a: b, a: c }', 'line 1', /same key stands twice/],
  ])('is refused with the place: %s', (text, path, message) => {
    const read = (): unknown => parseMappingText(text, { format: 'yaml' });
    expect(read).toThrow(expect.objectContaining({ code: 'IMPORT_MAPPING_INVALID' }));
    try {
      read();
    } catch (error) {
      const problems: unknown = Reflect.get(Object(Reflect.get(Object(error), 'details')), 'problems');
      expect(problems).toContainEqual(
        expect.objectContaining({
          path: expect.stringContaining(path),
          message: expect.stringMatching(message),
        }),
      );
    }
  });

  it('has a published JSON Schema that says what the code accepts (write it anew with vitest --update)', async () => {
    await expect(`${JSON.stringify(mappingJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(published.pathname);
    const validate: ValidateFunction = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync(published, 'utf8')),
    );
    expect(validate(parseMappingText(yaml, { format: 'yaml' }))).toBe(true);
    expect(validate({ columns: { Amt: { field: 'a', unit: 'lakhs' } } })).toBe(false);
    expect(validate({})).toBe(false);
  });
});

describe('using a mapping', () => {
  it('lets what the request says go before it, column by column', () => {
    const document = parseMappingText(yaml, { format: 'yaml' });
    const request = withMapping(
      { file: 'leads.xlsx', productLine: 'personal-loan', dateOrder: 'dmy', mapping: { 'MOB#': 'alternateMobile' } },
      document,
      'bank-x',
    );
    expect(request).toMatchObject({
      dateOrder: 'dmy',
      sheet: 'Leads',
      headerRow: 3,
      source: 'bank-x',
      mappingName: 'bank-x',
    });
    expect(request.mapping).toMatchObject({ 'MOB#': 'alternateMobile', 'Cust. Name': 'fullName' });
    expect(request.mapping).not.toHaveProperty('Mob #');
    const renamed = withMapping(
      { file: 'x', productLine: 'personal-loan', mapping: { Naam: 'fullName' } },
      document,
      'x',
    );
    expect(renamed.mapping).toMatchObject({ Naam: 'fullName', 'Mob #': 'mobile' });
    expect(renamed.mapping).not.toHaveProperty('Cust. Name');
  });

  it('keeps what was used, so that the next file is read alike', () => {
    const column = { letter: '', samples: [], notes: [], reason: 'label', confidence: 1 } as const;
    const unread = { ...column, reason: 'unknown', suggestion: null, confidence: 0 } as const;
    const used = mappingUsed(
      { productLine: 'personal-loan', source: 'bank-x' },
      {
        columns: [
          { ...column, index: 0, letter: 'A', heading: 'Name', field: 'fullName' },
          { ...column, index: 2, letter: 'C', heading: 'Amt', field: 'loanAmount', unit: 'lakh' },
          { ...column, index: 3, letter: 'D', heading: 'D', field: 'mobile' },
        ],
        unmatched: [
          { ...unread, index: 1, letter: 'B', heading: 'Sr. No.' },
          { ...unread, index: 4, letter: 'E', heading: 'Note' },
          { ...unread, index: 5, letter: 'F', heading: 'NOTE' },
          { ...unread, index: 6, letter: 'G', heading: '__proto__' },
        ],
      },
    );
    expect(used).toEqual({
      productLine: 'personal-loan',
      source: 'bank-x',
      columns: {
        Name: 'fullName',
        'Sr. No.': '-',
        Amt: { field: 'loanAmount', unit: 'lakh' },
        'column D': 'mobile',
        'column E': '-',
        'column F': '-',
        'column G': '-',
      },
    });
    expect(readMapping(used)).toEqual(used);
  });
});
