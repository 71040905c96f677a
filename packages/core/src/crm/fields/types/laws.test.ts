import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOfDayNumber, dayNumber, toInstant } from '../../../foundation/kernel/index.js';
import type { FieldDefinition } from '../field-definition.js';
import { luhnMod36Character, verhoeffDigit } from '../identity/index.js';
import { type FieldContext, fieldTypeNames } from '../index.js';
import { type AvailableFieldTypeName, fieldTypes, isAvailableFieldType } from './index.js';
import { context, employment, field, typeOf } from './test-support.js';

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);

const digits = (count: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map((list) => list.join(''));
const capital = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const capitals = (count: number): fc.Arbitrary<string> =>
  fc.array(capital, { minLength: count, maxLength: count }).map((list) => list.join(''));

const pans = fc
  .tuple(capitals(3), fc.constantFrom(...'ABCFGHJLPT'), capital, fc.integer({ min: 1, max: 9999 }), capital)
  .map(
    ([series, holder, initial, serial, check]) =>
      `${series}${holder}${initial}${String(serial).padStart(4, '0')}${check}`,
  );
const gstins = fc
  .tuple(fc.constantFrom('27', '07', '29', '38'), pans, fc.constantFrom(...'123456789AZ'))
  .map(([state, pan, entity]) => `${state}${pan}${entity}Z${luhnMod36Character(`${state}${pan}${entity}Z`)}`);
const aadhaars = fc
  .tuple(fc.integer({ min: 2, max: 9 }), digits(10))
  .map(([first, rest]) => `${first}${rest}${verhoeffDigit(`${first}${rest}`)}`)
  .filter((number) => number !== [...number].reverse().join(''));
const mobiles = fc
  .tuple(fc.integer({ min: 6, max: 9 }), digits(9))
  .map(([first, rest]) => `${first}${rest}`)
  .filter((number) => !/^(\d)\1*$/.test(number));
const anyText = fc.string({ unit: 'grapheme', maxLength: 200 });
const part = fc.oneof(
  anyText,
  fc.constantFrom('Pune', 'MH', 'Karnataka', '411001', '12 MG Road', 'A | B', 'pin 411001', 'India'),
);
const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const instants = fc
  .integer({ min: Date.parse('1900-01-02T00:00:00Z'), max: Date.parse('2199-12-30T00:00:00Z') })
  .map((millis) => toInstant(millis));

/** For every type: the field, and inputs most of which it takes. */
const cases: Record<
  AvailableFieldTypeName,
  { readonly field: FieldDefinition; readonly inputs: fc.Arbitrary<unknown> }
> = {
  text: { field: field('text', { validation: { minLength: 2, maxLength: 50, pattern: '[^0-9]*' } }), inputs: anyText },
  'long-text': { field: field('long-text', { validation: { maxLength: 80 } }), inputs: fc.string({ unit: 'binary' }) },
  integer: {
    field: field('integer', { validation: { min: -1000, max: '1,00,00,000' } }),
    inputs: fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.maxSafeInteger().map(String)),
  },
  decimal: {
    field: field('decimal', { validation: { precision: 3 } }),
    inputs: fc.tuple(fc.integer(), fc.nat(99_999)).map(([whole, fraction]) => `${whole}.${fraction}`),
  },
  money: {
    field: field('money', { validation: { max: '10 cr' } }),
    inputs: fc.oneof(
      fc.maxSafeInteger().map((amountPaise) => ({ amountPaise })),
      fc.nat(2_000_000_000).map((paise) => (paise / 100).toFixed(2)),
      fc.nat(1_000_000).map((lakh) => `₹ ${lakh} lakh`),
    ),
  },
  percent: {
    field: field('percent', { validation: { precision: 2 } }),
    inputs: fc.tuple(fc.nat(200), fc.nat(999)).map(([whole, fraction]) => `${whole}.${fraction} %`),
  },
  boolean: { field: field('boolean'), inputs: fc.oneof(fc.boolean(), fc.constantFrom('Yes', 'n', '0', 'हाँ', 'TRUE')) },
  date: {
    field: field('date'),
    inputs: fc.oneof(
      fc.integer({ min: dayNumber('1800-01-01'), max: dayNumber('2199-12-31') }).map(dateOfDayNumber),
      fc.date({ min: new Date('1901-01-01'), max: new Date('2199-01-01'), noInvalidDate: true }),
    ),
  },
  'date-time': {
    field: field('date-time'),
    inputs: fc.oneof(
      instants,
      instants.map((instant) => new Date(instant)),
      instants.map((instant) => instant.slice(0, 16)),
    ),
  },
  enum: {
    field: field('enum', employment),
    inputs: fc.constantFrom('salaried', ' SAL ', 'self employed', 'Self_Employed', 'daily wages', 'नौकरी', 'plumber'),
  },
  'multi-enum': {
    field: field('multi-enum', employment),
    inputs: fc.oneof(
      fc.array(fc.constantFrom('retired', 'Sal', 'self-employed', 'Daily wages', 'Business, shop or practice')),
      fc.subarray(['Pensioner', 'salaried', 'self employed']).map((list) => list.join('; ')),
    ),
  },
  phone: {
    field: field('phone'),
    inputs: fc.oneof(
      mobiles,
      mobiles.map((number) => `+91 ${number.slice(0, 5)}-${number.slice(5)}`),
      mobiles.map((number) => `0${number}`),
      fc.constantFrom('+14155552671', '+44 20 7946 0958', '022-12345678', '+971501234567', '+390612345678'),
    ),
  },
  email: {
    field: field('email'),
    inputs: fc.oneof(fc.emailAddress(), fc.constantFrom('Asha.Verma@Example.IN', '<a@b.co.in>', 'आशा@उदाहरण.भारत')),
  },
  url: {
    field: field('url'),
    inputs: fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.webAuthority().map((authority) => authority.toUpperCase()),
      fc.constantFrom('http://example.in/a|b?c=^', 'HTTP://EXAMPLE.IN:80/../x', 'उदाहरण.भारत/पथ'),
    ),
  },
  pan: {
    field: field('pan'),
    inputs: fc.oneof(
      pans,
      pans.map((pan) => ` ${pan.toLowerCase().slice(0, 5)} ${pan.slice(5)}`),
    ),
  },
  aadhaar: {
    field: field('aadhaar'),
    inputs: fc.oneof(
      aadhaars,
      aadhaars.map((number) => number.replace(/(\d{4})(?=\d)/g, '$1 ')),
      aadhaars.map((number) => `XXXX-XXXX-${number.slice(8)}`),
      fc.record({ last4: digits(4), referenceKey: fc.uuid() }, { requiredKeys: ['last4'] }),
    ),
  },
  gstin: {
    field: field('gstin'),
    inputs: fc.oneof(
      gstins,
      gstins.map((gstin) => gstin.toLowerCase()),
    ),
  },
  ifsc: {
    field: field('ifsc'),
    inputs: fc.tuple(capitals(4), digits(6)).map(([bank, branch]) => `${bank.toLowerCase()}0${branch}`),
  },
  pincode: {
    field: field('pincode'),
    inputs: fc
      .integer({ min: 100_000, max: 999_999 })
      .chain((code) => fc.constantFrom<unknown>(code, `${code}`, ` ${code}.0`)),
  },
  address: {
    field: field('address'),
    inputs: fc.oneof(
      fc.record({
        line1: part,
        line2: optional(part),
        city: optional(part),
        state: optional(part),
        pincode: optional(fc.constantFrom('411001', 560038)),
      }),
      fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(', ')),
      fc.array(part, { minLength: 5, maxLength: 5 }).map((parts) => parts.join(' | ')),
    ),
  },
};

const names = fieldTypeNames.filter(isAvailableFieldType);
const stores: readonly FieldContext[] = [
  context,
  { currency: 'JPY', dateOrder: 'mdy', today: '2024-02-29', timeZone: 'America/New_York' },
  { currency: 'KWD', dateOrder: 'ymd', today: '2026-12-31', timeZone: 'Asia/Kathmandu' },
];

describe.each(names)('every %s', (name) => {
  const { field: subject, inputs } = cases[name];
  const type = typeOf(subject);
  /** Each thing read from the inputs, in each store. */
  const eachRead = (
    check: (value: Parameters<typeof type.print>[0], where: FieldContext, entered: string) => void,
  ): number => {
    let read = 0;
    fc.assert(
      fc.property(inputs, fc.constantFrom(...stores), (input, where) => {
        const result = type.parse(input, subject, where);
        if (!result.ok || !('value' in result)) return;
        read += 1;
        check(result.value, where, result.entered);
      }),
      { numRuns: 300 },
    );
    return read;
  };

  it('is printed to a text that reads back to the same value', () => {
    const read = eachRead((value, where) => {
      const printed = type.print(value, subject, where);
      const again = type.parse(printed, subject, where);
      expect(again, printed).toMatchObject({ ok: true, value });
    });
    expect(read).toBeGreaterThan(100);
  });

  it('is read to the same value from the value itself and from what was typed', () => {
    eachRead((value, where, entered) => {
      // A number is a number of the major unit or of points; only these types hold numbers, and they mean the same.
      expect(type.parse(value, subject, where)).toMatchObject({ ok: true, value });
      expect(type.parse(entered, subject, where), entered).toMatchObject({ ok: true, value });
    });
  });

  it('has a JSON Schema that takes what is valid and refuses what is not, as far as a schema can tell', () => {
    const schemas = new Map(
      stores.map((where): [FieldContext, ValidateFunction] => [where, ajv.compile(type.jsonSchema(subject, where))]),
    );
    const onlyHere: readonly string[] = name === 'url' || name === 'email' ? ['pattern'] : [];
    eachRead((value, where) => {
      const problems = type.validate(value, subject, where);
      const told = problems.filter((problem) => !onlyHere.includes(problem.rule));
      const schema = schemas.get(where);
      expect(schema?.(value), JSON.stringify([value, problems, schema?.errors])).toBe(told.length === 0);
    });
    for (const junk of [null, [], {}, ['x'], { $gt: 1 }, { amountPaise: '1' }, Number.NaN]) {
      expect(schemas.get(context)?.(junk), JSON.stringify(junk)).toBe(false);
    }
  });

  it('has one normal text, which does not change when it is printed and read', () => {
    eachRead((value, where) => {
      const again = type.parse(type.print(value, subject, where), subject, where);
      const normal = type.normalise(value);
      expect(normal.length).toBeGreaterThan(0);
      if (again.ok && 'value' in again) expect(type.normalise(again.value)).toBe(normal);
      if (type.indexKind === 'number') expect(type.toNumber?.(value)).toSatisfy(Number.isFinite);
    });
  });

  it('is empty for what has nothing in it', () => {
    for (const input of [undefined, null, '', '   ', '\u00a0\u200b\ufeff']) {
      expect(type.parse(input, subject, context)).toEqual({ ok: true, empty: true });
    }
  });

  it('is lint-free, and offers its rules by name', () => {
    expect(type.lint(subject, context)).toEqual([]);
    expect(new Set(type.validations).size).toBe(type.validations.length);
  });

  it('never throws, whatever comes in, and says what it expects', () => {
    const anything = fc.oneof(
      fc.anything({ withDate: true, withBigInt: true, withNullPrototype: true, withSparseArray: true, withMap: true }),
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.constantFrom<unknown>(
        JSON.parse('{"__proto__": {"amountPaise": 1}}'),
        { $gt: '' },
        { $where: '1' },
        new Date(Number.NaN),
        'constructor',
        '__proto__',
        '9'.repeat(200_000),
        ','.repeat(50_000),
        ' | | | | ',
        Symbol('x'),
        () => 1,
        10n ** 400n,
      ),
    );
    fc.assert(
      fc.property(anything, (input) => {
        const result = type.parse(input, subject, context);
        if (!result.ok) {
          expect(result.problem.message).not.toBe('');
          expect(result.problem.message.length).toBeLessThan(300);
          expect(result.problem.expected).not.toBe('');
        } else if ('value' in result) {
          expect(Array.isArray(type.validate(result.value, subject, context))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('tells nothing of what was typed once its field is sealed', () => {
    const sealed: FieldDefinition = {
      ...subject,
      pii: 'identifier',
      validation: { ...subject.validation, max: 5, maxLength: 1 },
    };
    const secret = 'Zq7Zq7Zq7Zq7';
    const result = type.parse(secret, sealed, context);
    const problems = result.ok && 'value' in result ? type.validate(result.value, sealed, context) : [];
    const told = JSON.stringify(result.ok ? problems : result.problem);
    expect(told).not.toMatch(/zq7/i);
  });
});

describe('the table of types', () => {
  it('has every type but those whose capability is to come', () => {
    expect(fieldTypeNames.filter((name) => !isAvailableFieldType(name))).toEqual(['file', 'formula', 'user', 'lead']);
    for (const [name, type] of Object.entries(fieldTypes)) expect(type.name).toBe(name);
  });

  it('seals by default what identifies a person', () => {
    const sealed = Object.values(fieldTypes).filter((type) => type.pii !== 'none');
    expect(sealed.map((type) => type.name)).toEqual([
      'long-text',
      'phone',
      'email',
      'pan',
      'aadhaar',
      'gstin',
      'address',
    ]);
    for (const type of sealed) expect(type.indexKind).toBe('hash');
  });
});
