import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../foundation/kernel/index.js';
import {
  type DefinitionChange,
  type FieldDefinition,
  lineSchemaOf,
  type ProductLineDefinition,
  parseDefinitionText,
} from '../fields/index.js';
import { diffDefinitions } from './diff-definitions.js';
import { PipelinePart } from './pipeline-part.js';
import type { StageDefinition } from './pipeline-section.js';

const amount: FieldDefinition = {
  key: 'loanAmount',
  label: 'Loan amount',
  type: 'money',
  validation: { max: '50 lakh' },
};
const work: FieldDefinition = {
  key: 'employmentType',
  label: 'Employment type',
  type: 'enum',
  options: [
    { value: 'salaried', label: 'Salaried', synonyms: ['Job'] },
    { value: 'self-employed', label: 'Self-employed' },
  ],
};
const city: FieldDefinition = { key: 'city', label: 'City', type: 'text', section: 'Contact' };
const stages: readonly StageDefinition[] = [
  { slug: 'new', name: 'New', next: ['contacted', 'lost'], tasks: [{ slug: 'first-call', name: 'First call' }] },
  { slug: 'contacted', name: 'Contacted', next: ['lost'] },
  { slug: 'lost', name: 'Lost', terminal: 'lost' },
];

function line(
  fields: readonly FieldDefinition[] = [amount, work, city],
  change: Partial<ProductLineDefinition> & { readonly stages?: readonly StageDefinition[] } = {},
): ProductLineDefinition {
  const { stages: own = stages, ...rest } = change;
  return { slug: 'loans', name: 'Loans', fields, pipeline: JSON.parse(JSON.stringify({ stages: own })), ...rest };
}

/** `field Loan amount: maximum: 50 lakh -> 75 lakh`. */
function told(before: ProductLineDefinition | null, after: ProductLineDefinition): readonly string[] {
  return diffDefinitions(before, after).map(({ things, text }) =>
    [...things.map(({ noun, name }) => `${noun} ${name}`), text].join(': '),
  );
}

const changedStage = (slug: string, change: Partial<StageDefinition>): readonly StageDefinition[] =>
  stages.map((stage) => (stage.slug === slug ? { ...stage, ...change } : stage));

describe('the difference between two definitions, in words', () => {
  it.each<[string, ProductLineDefinition, readonly string[]]>([
    ['nothing', line(), []],
    ['another name', line(undefined, { name: 'Personal loans' }), ['renamed "Loans" -> "Personal loans"']],
    [
      'a bound',
      line([{ ...amount, validation: { max: '75 lakh' } }, work, city]),
      ['field Loan amount: maximum: 50 lakh -> 75 lakh'],
    ],
    [
      'a rule that goes',
      line([{ key: 'loanAmount', label: 'Loan amount', type: 'money' }, work, city]),
      ['field Loan amount: maximum: 50 lakh -> none'],
    ],
    ['a required field', line([amount, work, { ...city, required: true }]), ['field City: now required']],
    ['a retired field', line([amount, work, { ...city, retired: true }]), ['field City: retired']],
    [
      'a new field',
      line([amount, work, city, { key: 'pan', label: 'PAN', type: 'pan', required: true }]),
      ['field PAN: new, pan, required'],
    ],
    ['a field that goes', line([amount, work]), ['field City: removed']],
    ['a field elsewhere', line([city, amount, work]), ['order of fields: City now first']],
    [
      'an option by another name and a new one',
      line([
        amount,
        {
          ...work,
          options: [
            { value: 'salaried', label: 'Employed', synonyms: ['Job', 'Service'] },
            { value: 'self-employed', label: 'Self-employed' },
            { value: 'student', label: 'Student' },
          ],
        },
        city,
      ]),
      [
        'field Employment type: option Employed: renamed "Salaried" -> "Employed"',
        'field Employment type: option Employed: synonyms: added "Service"',
        'field Employment type: option Student: new',
      ],
    ],
    [
      'roles, rules and lists',
      line(undefined, {
        roles: { amount: 'loanAmount' },
        index: ['city'],
        unique: [{ scope: 'line', fields: ['city'], while: 'open' }],
      }),
      [
        'role amount: none -> loanAmount',
        'unique rule city: new, city once in the line, while open',
        'fields that lists filter by: added "city"',
      ],
    ],
    [
      'a stage',
      line(undefined, {
        stages: changedStage('contacted', { name: 'Spoken to', next: ['new', 'lost'], colour: '#0EA5E9' }),
      }),
      [
        'stage Spoken to: renamed "Contacted" -> "Spoken to"',
        'stage Spoken to: colour: #64748b -> #0ea5e9',
        'stage Spoken to: stages that may follow: added "new"',
      ],
    ],
    [
      'a retired stage',
      line(undefined, { stages: changedStage('contacted', { active: false }) }),
      ['stage Contacted: retired'],
    ],
    [
      'a task of a stage',
      line(undefined, {
        stages: changedStage('new', { tasks: [{ slug: 'first-call', name: 'First call', required: true }] }),
      }),
      ['stage New: task First call: now required'],
    ],
    [
      'the order of stages',
      line(undefined, { stages: stages.toReversed() }),
      ['order of stages: Lost now first; Contacted now after Lost'],
    ],
    [
      'the same order said in numbers',
      line(undefined, { stages: stages.toReversed().map((stage, place) => ({ ...stage, order: 3 - place })) }),
      [],
    ],
    ['what a file leaves unsaid, said', line(undefined, { roles: {}, unique: [], index: [], searchable: [] }), []],
  ])('%s', (_what, after, expected) => {
    expect(told(line(), after)).toEqual(expected);
  });

  it('of a line that is not there yet: everything is new', () => {
    expect(told(null, line())).toEqual([
      'field Loan amount: new, money',
      'field Employment type: new, enum',
      'field City: new, text, in section Contact',
      'stage New: new',
      'stage Contacted: new',
      'stage Lost: new, decides the lead: lost',
    ]);
  });

  it('names the place in the newer file, in the older for what is gone', () => {
    const after = line([work, { ...amount, validation: { max: '75 lakh' } }]);
    expect(diffDefinitions(line(), after)).toEqual([
      expect.objectContaining({
        kind: 'changed',
        path: 'fields[1].validation.max',
        before: '50 lakh',
        after: '75 lakh',
      }),
      expect.objectContaining({ kind: 'removed', path: 'fields[2]', after: null }),
      expect.objectContaining({ kind: 'moved', path: 'fields', after: ['employmentType', 'loanAmount'] }),
    ]);
    const numbered = stages.map((stage, place) => ({ ...stage, order: 3 - place }));
    const [change] = diffDefinitions(
      line(undefined, { stages: numbered }),
      line(undefined, {
        stages: numbered.map((stage) => (stage.slug === 'lost' ? { ...stage, name: 'Gone' } : stage)),
      }),
    );
    expect(change).toMatchObject({ path: 'pipeline.stages[2].name', text: 'renamed "Lost" -> "Gone"' });
  });

  it('refuses a pipeline that is none', () => {
    expect(() => diffDefinitions(line(), { ...line(), pipeline: { stages: 'all' } })).toThrow(/pipeline\.stages/);
  });
});

const texts = fc.constantFrom('Aa', 'Bb', 'Cc');
const keys = fc.constantFrom('alpha', 'beta', 'gamma', 'delta');
const slugs = fc.constantFrom('one', 'two', 'three', 'four');
const optional: { requiredKeys: [] } = { requiredKeys: [] };

/** Things in any order, each key once. */
function each<Thing extends object>(identities: fc.Arbitrary<string>, thing: fc.Arbitrary<Thing>, name: string) {
  return fc
    .uniqueArray(fc.tuple(identities, thing), { selector: ([identity]) => identity, maxLength: 4 })
    .map((list) => list.map(([identity, rest]) => ({ [name]: identity, ...rest })));
}

const option = fc.record(
  { label: texts, synonyms: fc.array(texts, { maxLength: 2 }), retired: fc.boolean() },
  { requiredKeys: ['label'] },
);
const field = fc.record(
  {
    label: texts,
    type: fc.constantFrom('text', 'enum', 'money'),
    required: fc.boolean(),
    section: texts,
    options: each(slugs, option, 'value'),
    validation: fc.record({ min: fc.constantFrom('1', '2'), max: fc.constantFrom('8', '9') }, optional),
    synonyms: fc.array(texts, { maxLength: 3 }),
    default: fc.oneof(fc.boolean(), texts),
  },
  { requiredKeys: ['label', 'type'] },
);
const task = fc.record(
  { name: texts, required: fc.boolean(), order: fc.nat(3), fields: each(keys, field, 'key') },
  { requiredKeys: ['name'] },
);
const stage = fc.record(
  {
    name: texts,
    active: fc.boolean(),
    terminal: fc.constantFrom('won', 'lost', null),
    colour: fc.constantFrom('#64748b', '#AAAAAA', '#aaaaaa'),
    order: fc.nat(3),
    next: fc.array(slugs, { maxLength: 2 }),
    tasks: each(slugs, task, 'slug'),
  },
  { requiredKeys: ['name'] },
);
const definition: fc.Arbitrary<ProductLineDefinition> = fc
  .record(
    {
      name: texts,
      roles: fc.record({ phone: keys, amount: keys }, optional),
      unique: fc.array(
        fc.record({
          scope: fc.constantFrom('line', 'store'),
          fields: fc.array(keys),
          while: fc.constantFrom('open', 'always'),
        }),
        { maxLength: 2 },
      ),
      index: fc.array(keys, { maxLength: 3 }),
      searchable: fc.array(keys, { maxLength: 2 }),
      fields: each(keys, field, 'key'),
      stages: fc.tuple(each(slugs, stage, 'slug'), stage).map(([more, last]) => [...more, { slug: 'last', ...last }]),
    },
    { requiredKeys: ['name', 'fields', 'stages'] },
  )
  .map(({ stages: own, ...rest }) => JSON.parse(JSON.stringify({ slug: 'loans', ...rest, pipeline: { stages: own } })));

const part = new PipelinePart({ occupants: { count: async () => 0, moveAll: async () => 0 } });

/** What a publish of the definition would store. */
function stored(one: ProductLineDefinition): unknown {
  return { name: one.name, schema: lineSchemaOf(one, 0), pipeline: part.normalise(one.pipeline) };
}

describe('laws of the difference', () => {
  it('a definition does not differ from itself', () => {
    fc.assert(
      fc.property(definition, (one) => {
        expect(diffDefinitions(one, one)).toEqual([]);
      }),
    );
  });

  it('nothing is told exactly when a publish would store nothing new', () => {
    const pair = definition.chain((one) =>
      fc.tuple(fc.constant(one), fc.oneof(definition, fc.constant(one), slightlyOther(one))),
    );
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const isSame = equal(stored(before), stored(after));
        expect(diffDefinitions(before, after).length === 0).toBe(isSame);
      }),
      { numRuns: 500 },
    );
  });

  it('the way back tells the same, turned round', () => {
    fc.assert(
      fc.property(definition, definition, (before, after) => {
        const there = diffDefinitions(before, after).map(turned);
        const back = diffDefinitions(after, before).map(({ kind, before: old, after: now }) => ({
          kind,
          before: old,
          after: now,
        }));
        expect(back.map(textOf).sort()).toEqual(there.map(textOf).sort());
      }),
    );
  });

  it('one changed value anywhere in a real definition is told once, with its place', () => {
    const file = new URL('../../../../../examples/product-lines/personal-loan.yaml', import.meta.url);
    const real = parseDefinitionText(readFileSync(file, 'utf8'), { format: 'yaml' });
    const places = leaves(real).filter(({ path }) => !/\.(key|value|slug)$|^slug$|^unique/.test(path));
    expect(places.length).toBeGreaterThan(300);
    for (const { path, parts } of places) {
      const changes = diffDefinitions(real, withOther(real, parts));
      expect(changes.map((change) => change.path)).toEqual([
        path.replace(/(synonyms|index|searchable|next)\[\d+\]$/, '$1'),
      ]);
    }
  });
});

function turned({ kind, before, after }: DefinitionChange): Pick<DefinitionChange, 'kind' | 'before' | 'after'> {
  const other = { added: 'removed', removed: 'added', changed: 'changed', moved: 'moved' } as const;
  return { kind: other[kind], before: after, after: before };
}

function textOf(one: object): string {
  return JSON.stringify(one);
}

/** The same with a colour in capitals, or its stages numbered: it means the same, or nearly. */
function slightlyOther(one: ProductLineDefinition): fc.Arbitrary<ProductLineDefinition> {
  const text = JSON.stringify(one);
  return fc
    .constantFrom(
      text.replaceAll('#aaaaaa', '#AAAAAA'),
      text.replace('"active":true', '"active":false'),
      text.replace('Aa', 'Cc'),
    )
    .map((changed): ProductLineDefinition => JSON.parse(changed));
}

function equal(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(one: unknown): string {
  return JSON.stringify(one, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

interface Leaf {
  readonly path: string;
  readonly parts: readonly (string | number)[];
}

function leaves(json: unknown, parts: readonly (string | number)[] = [], path = ''): readonly Leaf[] {
  if (Array.isArray(json)) return json.flatMap((item, index) => leaves(item, [...parts, index], `${path}[${index}]`));
  if (typeof json !== 'object' || json === null) return [{ path, parts }];
  return Object.entries(json).flatMap(([key, item]) =>
    leaves(item, [...parts, key], path === '' ? key : `${path}.${key}`),
  );
}

/** Values of what has a fixed choice. */
const choices: Readonly<Record<string, readonly [string, string]>> = {
  type: ['text', 'money'],
  control: ['input', 'textarea'],
  terminal: ['won', 'lost'],
  colour: ['#123456', '#654321'],
  pii: ['none', 'name'],
  min: ['1', '2'],
};

/** The definition with another value at one place. */
function withOther(one: ProductLineDefinition, parts: readonly (string | number)[]): ProductLineDefinition {
  const change = (json: Json, [key, ...rest]: readonly (string | number)[]): Json => {
    if (key === undefined) return other(json, String(parts.at(-1)));
    if (Array.isArray(json)) return json.map((item, index) => (index === key ? change(item, rest) : item));
    return Object.fromEntries(
      Object.entries(json ?? {}).map(([name, item]) => [name, name === key ? change(item, rest) : item]),
    );
  };
  return JSON.parse(JSON.stringify(change(JSON.parse(JSON.stringify(one)), parts)));
}

function other(json: Json, key: string): Json {
  const [one, another] = choices[key] ?? [];
  if (one !== undefined && another !== undefined) return json === one ? another : one;
  if (typeof json === 'boolean') return !json;
  if (typeof json === 'number') return json + 1;
  return json === 'changed' ? 'changed-again' : 'changed';
}
