import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDefinitionText } from '../definition-text.js';
import type { FieldDefinition } from '../field-definition.js';
import type { FieldContext } from '../field-type.js';
import type { LineSchema } from '../line-schema.js';
import { lineSchemaOf } from '../product-line-definition.js';
import { lintLine } from './index.js';

const context: FieldContext = { currency: 'INR', dateOrder: 'dmy', today: '2026-01-31', timeZone: 'Asia/Kolkata' };

const base: LineSchema = {
  productLine: 'loans',
  version: 1,
  roles: { phone: 'mobile' },
  unique: [{ name: 'mobile', scope: 'line', fields: ['mobile'], while: 'open' }],
  index: ['city'],
  searchable: [],
  fields: [
    { key: 'mobile', label: 'Mobile', type: 'phone', required: true },
    { key: 'city', label: 'City', type: 'text' },
    { key: 'loanAmount', label: 'Amount', type: 'money' },
    { key: 'notes', label: 'Remarks', type: 'long-text' },
  ],
};

interface Case {
  readonly schema?: Partial<LineSchema>;
  /** Added to the fields of the base. */
  readonly field?: Partial<FieldDefinition>;
  readonly fields?: readonly Partial<FieldDefinition>[];
  readonly previous?: Partial<LineSchema>;
  readonly hasLeads?: boolean;
}

function problemsOf({
  schema,
  field,
  fields,
  previous,
  hasLeads = false,
}: Case): readonly (readonly [string, string])[] {
  const added = [...(field === undefined ? [] : [field]), ...(fields ?? [])].map(
    (one): FieldDefinition => ({ key: 'extra', label: 'Extra', type: 'text', ...one }),
  );
  const report = lintLine({
    schema: { ...base, ...schema, fields: [...(schema?.fields ?? base.fields), ...added] },
    previous: previous === undefined ? null : { ...base, ...previous },
    hasLeads,
    context,
  });
  return report.problems.map((problem) => [problem.path, problem.rule]);
}

const option = (value: string, label = value, synonyms: readonly string[] = []) => ({ value, label, synonyms });
const extra = 'fields[4]';

describe('lint', () => {
  it('finds nothing wrong with a good definition', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ previous: {}, hasLeads: true })).toEqual([]);
  });

  it.each(['personal-loan', 'insurance', 'demat'])('finds nothing wrong with the example %s', (name) => {
    const file = new URL(`../../../../../../examples/product-lines/${name}.yaml`, import.meta.url);
    const definition = parseDefinitionText(readFileSync(file, 'utf8'), { format: 'yaml' });
    const schema = lineSchemaOf(definition, 1);
    expect(lintLine({ schema, previous: null, hasLeads: false, context })).toEqual({ problems: [], warnings: [] });
    expect(schema.fields.length).toBeGreaterThanOrEqual(30);
  });

  const refused: readonly (readonly [what: string, place: string, change: Case])[] = [
    ['a key that is used twice', `${extra}.key`, { field: { key: 'city', label: 'Town' } }],
    ['a reserved word', `${extra}.key`, { field: { key: 'stage' } }],
    ['a reserved word in other letters', `${extra}.key`, { field: { key: 'ownerID' } }],
    ['a type that is not available', `${extra}.type`, { field: { type: 'file' } }],
    ['a formula', `${extra}.type`, { field: { type: 'formula' } }],
    ['a control of another type', `${extra}.control`, { field: { control: 'checkbox' } }],
    [
      'a rule that means nothing for the type',
      `${extra}.validation.precision`,
      { field: { validation: { precision: 2 } } },
    ],
    [
      'a bound that is no value',
      `${extra}.validation.min`,
      { field: { type: 'money', validation: { min: 'plenty' } } },
    ],
    [
      'a minimum above the maximum',
      `${extra}.validation.min`,
      { field: { type: 'integer', validation: { min: 9, max: 3 } } },
    ],
    ['a pattern with look-ahead', `${extra}.validation.pattern`, { field: { validation: { pattern: '(?=x)x' } } }],
    [
      'a pattern with a back-reference',
      `${extra}.validation.pattern`,
      { field: { validation: { pattern: '(a)\\1' } } },
    ],
    ['a default that is no value', `${extra}.default`, { field: { type: 'money', default: 'plenty' } }],
    [
      'a default against its own rules',
      `${extra}.default`,
      { field: { type: 'integer', default: 2, validation: { min: 3 } } },
    ],
    ['a default of blank text', `${extra}.default`, { field: { default: '  ' } }],
    ['a default on a retired field', `${extra}.default`, { field: { retired: true, default: 'x' } }],
    ['an enum without options', extra, { field: { type: 'enum' } }],
    [
      'an option value used twice',
      `${extra}.options`,
      { field: { type: 'enum', options: [option('a'), option('a', 'B')] } },
    ],
    [
      'a synonym that is another option',
      `${extra}.options`,
      { field: { type: 'enum', options: [option('a'), option('b', 'Bee', ['A'])] } },
    ],
    ['a PAN in the clear', `${extra}.pii`, { field: { type: 'pan', pii: 'none' } }],
    [
      'a date before a field that is missing',
      `${extra}.validation.before`,
      { field: { type: 'date', validation: { before: 'nope' } } },
    ],
    [
      'a date before itself',
      `${extra}.validation.before`,
      { field: { type: 'date', validation: { before: 'extra' } } },
    ],
    [
      'a date after something that is no date',
      `${extra}.validation.after`,
      { field: { type: 'date', validation: { after: 'city' } } },
    ],
    ['a role of a missing field', 'roles.email', { schema: { roles: { email: 'mail' } } }],
    ['a role of an unfit field', 'roles.amount', { schema: { roles: { amount: 'city' } } }],
    [
      'a personal field as the region',
      'roles.region',
      { field: { pii: 'address' }, schema: { roles: { region: 'extra' } } },
    ],
    [
      'a personal field as the amount',
      'roles.amount',
      { field: { type: 'money', pii: 'identifier' }, schema: { roles: { amount: 'extra' } } },
    ],
    [
      'a unique rule on a missing field',
      'unique[0].fields[0]',
      { schema: { unique: [{ name: 'x', scope: 'line', fields: ['pan'], while: 'open' }] } },
    ],
    [
      'a unique rule on long text',
      'unique[0].fields[0]',
      { schema: { unique: [{ name: 'x', scope: 'line', fields: ['notes'], while: 'open' }] } },
    ],
    [
      'a unique rule on four digits of an Aadhaar number',
      'unique[0].fields[0]',
      {
        field: { type: 'aadhaar' },
        schema: { unique: [{ name: 'x', scope: 'line', fields: ['extra'], while: 'open' }] },
      },
    ],
    ['an index on a missing field', 'index[0]', { schema: { index: ['town'] } }],
    ['an index on long text', 'index[0]', { schema: { index: ['notes'] } }],
    ['an index that names a field twice', 'index[1]', { schema: { index: ['city', 'city'] } }],
    ['a search in a missing field', 'searchable[0]', { schema: { searchable: ['remarks'] } }],
    ['a search in something that is not long text', 'searchable[0]', { schema: { searchable: ['mobile'] } }],
    ['a heading that two fields answer to', `${extra}.synonyms[0]`, { field: { synonyms: ['mobile'] } }],
    [
      'another type for a published field',
      'fields[1].type',
      { previous: { fields: [{ key: 'city', label: 'City', type: 'integer' }] } },
    ],
    [
      'a published field that is gone',
      'fields',
      { previous: { fields: [{ key: 'town', label: 'Town', type: 'text' }] } },
    ],
    [
      'a published option that is gone',
      `${extra}.options`,
      {
        field: { type: 'enum', options: [option('a')] },
        previous: { fields: [{ key: 'extra', label: 'Extra', type: 'enum', options: [option('a'), option('b')] }] },
      },
    ],
  ];

  it.each(refused)('refuses %s', (_what, place, change) => {
    expect(problemsOf(change).map(([path]) => path)).toContain(place);
  });

  it('refuses dates that would have to come before themselves by way of others', () => {
    const date = (key: string, validation: FieldDefinition['validation']): Partial<FieldDefinition> => ({
      key,
      label: key,
      type: 'date',
      ...(validation === undefined ? {} : { validation }),
    });
    const circle = [
      date('first', { before: 'second' }),
      date('third', { before: 'first' }),
      date('second', { before: 'third' }),
    ];
    expect(problemsOf({ fields: circle }).map(([, rule]) => rule)).toEqual(['date-order', 'date-order', 'date-order']);
    expect(problemsOf({ fields: [date('first', { before: 'second' }), date('second', { after: 'first' })] })).toEqual(
      [],
    );
  });

  it('refuses more than twelve indexed fields', () => {
    const fields = Array.from({ length: 13 }, (_, index) => ({ key: `field${index}`, label: `Field ${index}` }));
    expect(problemsOf({ fields, schema: { index: fields.map((field) => field.key) } })).toEqual([
      ['index', 'too-many-indexed'],
    ]);
  });

  it('lets a sealed field be indexed, for exact look-ups', () => {
    expect(problemsOf({ field: { type: 'pan' }, schema: { index: ['extra'] } })).toEqual([]);
  });

  it('refuses a retired field where one in use is needed', () => {
    const gone = { key: 'gone', label: 'Gone', type: 'phone', retired: true } as const;
    expect(problemsOf({ field: gone, schema: { index: ['gone'], roles: { phone: 'gone' } } })).toEqual([
      ['roles.phone', 'bad-role'],
      ['index[0]', 'bad-index'],
    ]);
  });
});

describe('a line with leads', () => {
  const pan: FieldDefinition = { key: 'pan', label: 'PAN', type: 'pan' };
  const unique: LineSchema['unique'] = [...base.unique, { name: 'pan', scope: 'line', fields: ['pan'], while: 'open' }];

  it('takes no new unique rule over values that exist', () => {
    const before = { fields: [...base.fields, pan] };
    const change: Case = { schema: { unique }, field: pan, previous: before };
    expect(problemsOf({ ...change, hasLeads: true })).toEqual([['unique[1]', 'changed-unique']]);
    expect(problemsOf({ ...change, hasLeads: false })).toEqual([]);
  });

  it('takes one over a field that is new', () => {
    expect(problemsOf({ schema: { unique }, field: pan, previous: {}, hasLeads: true })).toEqual([]);
  });

  it('may drop a unique rule, and may not bring it back', () => {
    expect(problemsOf({ schema: { unique: [] }, previous: {}, hasLeads: true })).toEqual([]);
    expect(problemsOf({ previous: { unique: [] }, hasLeads: true })).toEqual([['unique[0]', 'changed-unique']]);
  });

  it('is warned that a new index fills as leads are saved', () => {
    const report = lintLine({ schema: base, previous: { ...base, index: [] }, hasLeads: true, context });
    expect(report.problems).toEqual([]);
    expect(report.warnings.map(({ path, rule }) => [path, rule])).toEqual([['index[0]', 'late-index']]);
  });
});
