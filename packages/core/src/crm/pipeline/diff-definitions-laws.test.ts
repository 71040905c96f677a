import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../foundation/kernel/index.js';
import {
  type DefinitionChange,
  lineSchemaOf,
  type ProductLineDefinition,
  parseDefinitionText,
} from '../fields/index.js';
import { diffDefinitions } from './diff-definitions.js';
import { PipelinePart } from './pipeline-part.js';

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

const part = new PipelinePart({
  occupants: { count: async () => 0, moveAll: async () => 0, arrived: async () => undefined },
});

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
