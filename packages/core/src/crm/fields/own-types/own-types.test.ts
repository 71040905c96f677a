import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goldWeight, vehicleNumber } from '../../../../test-support/vehicle-plugin.js';
import { checkValues } from '../check-values.js';
import { describeSchema } from '../describe-schema.js';
import type { FieldDefinition } from '../field-definition.js';
import { fieldTypeOf, type PluginFieldType, type PluginFieldTypeOf } from '../index.js';
import type { LineSchema } from '../line-schema.js';
import { lintFields } from '../lint/index.js';
import { newSchemaOf } from '../product-line-definition.js';
import { context } from '../types/test-support.js';
import { generateTypes } from '../typescript-types.js';
import { OwnFieldTypes } from './index.js';

/** A day of the week after it was asked for, by its own calendar: a date under another spelling. */
const quarter: PluginFieldTypeOf<'date'> = {
  name: 'acme.quarter',
  base: 'date',
  pii: 'none',
  expected: 'a quarter such as Q2 2026',
  samples: ['Q1 2026', '2026-04-01'],
  parse(text) {
    const [, count, year] = /^Q([1-4]) (\d{4})$/.exec(text) ?? [];
    if (count !== undefined) return { value: `${year}-${String(Number(count) * 3 - 2).padStart(2, '0')}-01` };
    return /^\d{4}-(01|04|07|10)-01$/.test(text) ? { value: text } : { problem: 'is no quarter' };
  },
};

const lakhs: PluginFieldTypeOf<'decimal'> = {
  name: 'acme.lakhs',
  base: 'decimal',
  pii: 'none',
  expected: 'so many lakhs',
  samples: ['2.5L', '3'],
  parse(text) {
    const digits = /^(\d{1,6}(?:\.\d*[1-9])?)L?$/.exec(text)?.[1];
    return digits === undefined ? { problem: 'is no number of lakhs' } : { value: String(Number(digits)) };
  },
  typescript: 'string & { readonly lakhs?: true }',
};

const types: readonly PluginFieldType[] = [vehicleNumber, goldWeight, quarter, lakhs];
const fields: readonly FieldDefinition[] = types.map(({ name }) => ({
  key: name.replace(/^acme\.|-/g, ''),
  label: name,
  type: name,
}));

function schemaOf(known: readonly PluginFieldType[], previous: LineSchema | null = null): LineSchema {
  const own = new OwnFieldTypes([{ name: 'acme', fieldTypes: known }]);
  return newSchemaOf({ slug: 'line', name: 'Line', fields, pipeline: null }, { types: own, previous });
}

const check = (input: Record<string, unknown>, schema: LineSchema = schemaOf(types)) =>
  checkValues({ schema, input, context, mode: 'create' });

describe('types of plugins', () => {
  it('read and print each other, and hold what their JSON Schema says', () => {
    const schema = schemaOf(types);
    const valid = new Ajv2020({ strict: false }).compile(describeSchema({ ...schema, version: 1 }, context).jsonSchema);
    const typed = fc.record({
      vehiclenumber: fc
        .tuple(fc.constantFrom('MH', 'ka'), fc.nat(99), fc.constantFrom('a', 'BC'), fc.nat(9999))
        .map((parts) => parts.join(' ')),
      goldweight: fc.oneof(
        fc.nat(999_999),
        fc.nat(999).map((weight) => `${weight} tola`),
      ),
      quarter: fc
        .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1900, max: 2100 }))
        .map(([q, y]) => `Q${q} ${y}`),
      lakhs: fc.nat(9999).map((hundredths) => `${hundredths / 100}L`),
    });
    fc.assert(
      fc.property(typed, (input) => {
        const { values, problems } = check(input, schema);
        expect(problems).toEqual([]);
        expect(valid(values), JSON.stringify(valid.errors)).toBe(true);
        const printed = schema.fields.map((field) => {
          const value = values[field.key];
          return [field.key, value === undefined ? null : fieldTypeOf(field).print(value, field, context)];
        });
        expect(check(Object.fromEntries(printed), schema).values).toEqual(values);
        expect(check(JSON.parse(JSON.stringify(values)), schema).values).toEqual(values);
        const [vehicle] = schema.fields;
        if (vehicle !== undefined) {
          expect(fieldTypeOf(vehicle).mask(values[vehicle.key] ?? '')).not.toContain(values[vehicle.key]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are exact, bounded and typed as the type that they build on', () => {
    const bounded = fields.map((field) =>
      field.key === 'quarter' ? { ...field, validation: { max: 'today' } } : field,
    );
    const own = new OwnFieldTypes([{ name: 'acme', fieldTypes: types }]);
    const schema = newSchemaOf(
      { slug: 'l', name: 'L', fields: bounded, pipeline: null },
      { types: own, previous: null },
    );
    expect(check({ quarter: new Date('2020-04-01') }, schema).values).toEqual({ quarter: '2020-04-01' });
    expect(check({ quarter: 'Q1 2100' }, schema).problems).toMatchObject([{ path: 'quarter', rule: 'max' }]);
    expect(check({ quarter: new Date(Number.NaN) }, schema).problems).toMatchObject([{ rule: 'type' }]);
    expect(check({ vehiclenumber: 'x'.repeat(1001) }).problems).toMatchObject([{ rule: 'type' }]);
    expect(check({ vehiclenumber: ['MH1A1'], goldweight: { grams: 1 } }).problems).toHaveLength(2);
    const generated = generateTypes([{ ...schema, version: 1 }]);
    expect(generated).toContain('readonly lakhs?: (string & { readonly lakhs?: true }) | number | null;');
    expect(generated).toContain('readonly goldweight?: number;');
  });

  it('hide Aadhaar numbers in texts that are no identifiers of their own', () => {
    const seen: string[] = [];
    const note: PluginFieldTypeOf<'text'> = {
      name: 'acme.note',
      base: 'text',
      pii: 'none',
      expected: 'a note',
      samples: ['a note'],
      parse(text) {
        seen.push(text);
        return { value: text };
      },
    };
    const own = new OwnFieldTypes([{ name: 'acme', fieldTypes: [note] }]);
    const field: FieldDefinition = { key: 'note', label: 'Note', type: 'acme.note' };
    const line = { slug: 'l', name: 'L', fields: [field], pipeline: null };
    const { values, entered } = check(
      { note: 'his is 2341 2341 2346' },
      newSchemaOf(line, { types: own, previous: null }),
    );
    expect([values, entered, seen.join()].map((held) => JSON.stringify(held).includes('2341 2341'))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('tell of a short text no more than of a long one, and let nothing out that an answer throws', () => {
    const branch: PluginFieldTypeOf<'text'> = {
      name: 'acme.branch',
      base: 'text',
      pii: 'identifier',
      expected: 'a branch such as B70',
      samples: ['B70'],
      parse(text) {
        if (text === 'B70') return { value: text };
        if (text !== 'B9') return { problem: `is no branch, and neither is "${text}"` };
        return {
          get problem(): string {
            throw new Error(`nobody knows ${text}`);
          },
        };
      },
    };
    const own = new OwnFieldTypes([{ name: 'acme', fieldTypes: [branch] }]);
    const field: FieldDefinition = { key: 'branch', label: 'Branch', type: 'acme.branch' };
    const line = { slug: 'l', name: 'L', fields: [field], pipeline: null };
    const schema = newSchemaOf(line, { types: own, previous: null });
    for (const typed of ['B7', 'b-7', 'X 1', 'B9', '?!']) {
      const { problems } = check({ branch: typed }, schema);
      expect(problems).toMatchObject([{ rule: typed === 'B9' ? 'type-failed' : 'type' }]);
      expect(problems[0]?.message.replace('such as B70', '')).not.toMatch(/neither|nobody/);
    }
  });

  it('are what they were at the publish, until the next one', () => {
    const published = schemaOf(types);
    expect(published.ownTypes).toMatchObject({ 'acme.vehicle-number': { base: 'text', pii: 'identifier' } });
    const open: PluginFieldTypeOf<'text'> = { ...vehicleNumber, pii: 'none' };
    expect(schemaOf([open], published).ownTypes).toMatchObject({
      'acme.vehicle-number': { base: 'text', pii: 'none' },
      // Of what is missing, what was known stays known.
      'acme.gold-weight': { base: 'integer', pii: 'none' },
    });
    const other = new OwnFieldTypes([{ name: 'acme', fieldTypes: [open] }]);
    other.bind(fields, published.ownTypes);
    expect(fields.map((field) => fieldTypeOf(field).pii)).toEqual(['identifier', 'none', 'none', 'none']);
  });

  it('are missing where the plugin has another base, and the publish says so', () => {
    const moved: PluginFieldTypeOf<'text'> = { ...vehicleNumber, name: 'acme.gold-weight' };
    const schema = schemaOf([vehicleNumber, moved], schemaOf(types));
    const problems = lintFields(schema.fields, { at: 'fields', previous: schema.fields, context });
    expect(problems).toMatchObject([
      { path: 'fields[1].type', message: expect.stringMatching(/values of it that are integer.*builds it on text/) },
      { path: 'fields[2].type', message: expect.stringContaining('the plugin "acme" has no such type') },
      { path: 'fields[3].type', message: expect.stringContaining('the plugin "acme" has no such type') },
    ]);
  });

  it('tell a default, a rule and a control that do not fit', () => {
    const wrong: readonly FieldDefinition[] = [
      { key: 'a', label: 'A', type: 'acme.vehicle-number', default: 'bicycle' },
      { key: 'b', label: 'B', type: 'acme.quarter', validation: { before: 'c' } },
      { key: 'c', label: 'C', type: 'acme.quarter', control: 'phone' },
      { key: 'd', label: 'D', type: 'acme.gold-weight', validation: { min: 'much' } },
    ];
    new OwnFieldTypes([{ name: 'acme', fieldTypes: types }]).bind(wrong);
    const problems = lintFields(wrong, { at: 'fields', previous: [], context });
    expect(problems.map(({ path }) => path)).toEqual([
      'fields[0].default',
      'fields[1].validation.before',
      'fields[2].control',
      'fields[3].validation.min',
    ]);
  });
});
