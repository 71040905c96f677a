import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSealed, piiClassOf } from './compiled-fields.js';
import type { FieldDefinition } from './field-definition.js';
import type { FieldContext } from './field-type.js';
import type { FieldValues } from './field-value.js';
import { indexValues, valueForIndex } from './index-values.js';
import type { LineSchema } from './line-schema.js';
import { projectRoles } from './roles.js';
import { joinClasses, maskValue, splitByClass } from './split-by-class.js';
import { uniqueValues } from './unique-values.js';

const context: FieldContext = { currency: 'INR', dateOrder: 'dmy', today: '2026-01-31', timeZone: 'Asia/Kolkata' };

const fields: readonly FieldDefinition[] = [
  { key: 'fullName', label: 'Full name', type: 'text' },
  { key: 'mobile', label: 'Mobile', type: 'phone' },
  { key: 'email', label: 'Email', type: 'email' },
  { key: 'loanAmount', label: 'Loan amount', type: 'money' },
  { key: 'city', label: 'City', type: 'text' },
  { key: 'nominee', label: 'Nominee', type: 'text', pii: 'name' },
  { key: 'pincode', label: 'PIN code', type: 'pincode' },
  { key: 'home', label: 'Home', type: 'address' },
  { key: 'remarks', label: 'Remarks', type: 'long-text' },
  { key: 'openRemarks', label: 'Open remarks', type: 'long-text' },
  { key: 'appliedOn', label: 'Applied on', type: 'date' },
];

function schemaWith(change: Partial<LineSchema>): LineSchema {
  return {
    productLine: 'loans',
    version: 1,
    fields,
    roles: { name: 'fullName', phone: 'mobile', email: 'email', amount: 'loanAmount' },
    unique: [],
    index: [],
    searchable: ['openRemarks'],
    ...change,
  };
}

const schema = schemaWith({});
const values: FieldValues = {
  fullName: 'Asha Verma',
  mobile: '+919876543210',
  email: 'asha@example.com',
  loanAmount: { amountPaise: 50_000_000 },
  city: 'Pune',
  nominee: 'Ravi Verma',
  pincode: '411001',
  remarks: 'likes tea',
  openRemarks: 'call later',
  appliedOn: '2026-01-31',
};
const entered = { fullName: 'Asha Verma', mobile: '98765 43210', loanAmount: '5L', remarks: 'likes tea' };

describe('what rests sealed', () => {
  it.each([
    ['fullName', 'name', 'it plays the name role'],
    ['mobile', 'identifier', 'phones are identifiers'],
    ['email', 'identifier', 'mail addresses are identifiers'],
    ['nominee', 'name', 'the field says so'],
    ['home', 'address', 'addresses are addresses'],
    ['remarks', 'free-text', 'long text is free text'],
    ['openRemarks', 'none', 'the line says it is searchable'],
    ['loanAmount', 'none', 'amounts are not personal'],
    ['city', 'none', 'plain text is not personal'],
    ['appliedOn', 'none', 'dates are not personal'],
  ])('%s is of class %s: %s', (key, pii) => {
    const field = fields.find((one) => one.key === key);
    if (field === undefined) throw new Error('no such field');
    expect(piiClassOf(schema, field)).toBe(pii);
    expect(isSealed(schema, field)).toBe(pii !== 'none');
  });

  it('goes apart from what rests in the clear, values and typed texts alike', () => {
    const { clear, sealed } = splitByClass(schema, values, entered);
    expect(Object.keys(clear.values)).toEqual(['loanAmount', 'city', 'pincode', 'openRemarks', 'appliedOn']);
    expect(clear.entered).toEqual({ loanAmount: '5L' });
    expect(Object.keys(sealed.values)).toEqual(['fullName', 'mobile', 'email', 'nominee', 'remarks']);
    expect(sealed.entered).toEqual({ fullName: 'Asha Verma', mobile: '98765 43210', remarks: 'likes tea' });
  });

  it('comes together again as it was, whatever was there', () => {
    const keys = fields.map((field) => field.key);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.string()), (some) => {
        const { clear, sealed } = splitByClass(schema, some, some);
        expect(joinClasses(schema, clear, sealed)).toEqual({ values: some, entered: some });
      }),
    );
  });

  it('includes what the schema does not know', () => {
    expect(splitByClass(schema, { stranger: 'x' }, {}).sealed.values).toEqual({ stranger: 'x' });
    expect(maskValue(schema, 'stranger', 'secret')).not.toContain('secret');
  });
});

describe('roles', () => {
  it('show a lead whatever its fields are called', () => {
    expect(projectRoles(schema, values)).toEqual({
      name: 'Asha Verma',
      phone: '+919876543210',
      email: 'asha@example.com',
      amountPaise: 50_000_000,
      region: 'Maharashtra',
    });
  });

  it('are null where the value or the role is missing', () => {
    const none = { name: null, phone: null, email: null, amountPaise: null, region: null };
    expect(projectRoles(schema, {})).toEqual(none);
    expect(projectRoles(schemaWith({ roles: {} }), { ...values, pincode: '999999' })).toEqual(none);
  });

  it('take the region from the field that plays it', () => {
    expect(projectRoles(schemaWith({ roles: { region: 'city' } }), values).region).toBe('Pune');
    const home = { line1: '1 MG Road', pincode: '560001' };
    expect(projectRoles(schemaWith({ roles: { region: 'home' } }), { home }).region).toBe('Karnataka');
    expect(projectRoles(schemaWith({ roles: { region: 'home' } }), { home: { ...home, state: 'Goa' } }).region).toBe(
      'Goa',
    );
  });
});

describe('unique values', () => {
  const unique: LineSchema['unique'] = [
    { name: 'mobile', scope: 'line', fields: ['mobile'], while: 'open' },
    { name: 'person', scope: 'store', fields: ['fullName', 'appliedOn'], while: 'always' },
  ];

  it('are one text a rule, and none where a field is empty', () => {
    const claims = uniqueValues(schemaWith({ unique }), values);
    expect(claims.map(({ rule, scope, while: held }) => [rule, scope, held])).toEqual([
      ['mobile', 'line', 'open'],
      ['person', 'store', 'always'],
    ]);
    expect(uniqueValues(schemaWith({ unique }), { fullName: 'Asha' })).toEqual([]);
  });

  it('tell apart what only looks the same when put in a row', () => {
    const pair: LineSchema['unique'] = [{ name: 'pair', scope: 'line', fields: ['city', 'nominee'], while: 'open' }];
    const text = (city: string, nominee: string): string | undefined =>
      uniqueValues(schemaWith({ unique: pair }), { city, nominee })[0]?.text;
    expect(text('ab', 'c')).not.toBe(text('a', 'bc'));
    expect(text('a","b', 'c')).not.toBe(text('a', 'b","c'));
    expect(text('Pune', 'Ravi')).toBe(text('pune', 'RAVI'));
  });
});

describe('the index', () => {
  const indexed = schemaWith({ index: ['loanAmount', 'city', 'appliedOn', 'nominee', 'mobile'] });

  it('holds numbers and texts in the clear, what is sealed only for hashing, phone (with its last four) and email always', () => {
    expect(indexValues(indexed, values).map(({ field, kind }) => [field, kind])).toEqual([
      ['loanAmount', 'number'],
      ['city', 'text'],
      ['appliedOn', 'number'],
      ['nominee', 'hash'],
      ['mobile', 'hash'],
      ['mobile:last4', 'hash'],
      ['email', 'hash'],
    ]);
    expect(indexValues(schema, values).map(({ field }) => field)).toEqual(['mobile', 'mobile:last4', 'email']);
  });

  it('is looked up by what a person types as it was filled from values', () => {
    const filled = indexValues(indexed, values);
    for (const [field, typed] of [
      ['loanAmount', '5 lakh'],
      ['city', ' PUNE '],
      ['mobile', '098765-43210'],
      ['appliedOn', '31 Jan 2026'],
    ] as const) {
      expect(valueForIndex(indexed, field, typed, context)).toEqual(filled.find((entry) => entry.field === field));
    }
    expect(valueForIndex(indexed, 'loanAmount', 'plenty', context)).toHaveProperty('problem');
    expect(valueForIndex(indexed, 'city', '', context)).toHaveProperty('problem');
  });

  it('cuts long texts without breaking a character', () => {
    const [entry] = indexValues(schemaWith({ index: ['city'], roles: {} }), {
      city: `${'a'.repeat(189)}😀${'b'.repeat(50)}`,
    });
    expect(entry).toEqual({ field: 'city', kind: 'text', text: 'a'.repeat(189) });
  });
});
