import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AvailableFieldTypeName, fieldTypes } from './index.js';
import { context, field, readValue, refusalOf, typeOf } from './test-support.js';

const page = readFileSync(new URL('../../../../../../docs/product-lines.md', import.meta.url), 'utf8');

/** The rows of the table with this heading, as cells. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const [, table = ''] = page.split(`${heading}\n`);
  const [body = ''] = table.split('\n\n');
  return body
    .split('\n')
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const codes = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

const isTypeName = (text: string): text is AvailableFieldTypeName => Object.hasOwn(fieldTypes, text);

function typeNamed(cell: string | undefined): AvailableFieldTypeName {
  const [name = ''] = codes(cell);
  if (isTypeName(name)) return name;
  throw new Error(`there is no type ${name}`);
}

const options = [
  { value: 'salaried', label: 'Salaried' },
  { value: 'self-employed', label: 'Self-employed', synonyms: ['Business'] },
];
const fieldOf = (name: AvailableFieldTypeName): ReturnType<typeof field> =>
  field(name, name === 'enum' || name === 'multi-enum' ? { options } : {});

const typed = rowsOf('| type | typed | value | printed |').flatMap(([type, texts, value, printed]) =>
  codes(texts).map((text) => ({ name: typeNamed(type), text, value: codes(value)[0], printed: codes(printed)[0] })),
);
const refused = rowsOf('| type | typed | refused, because it |').map(([type, texts, reason = '']) => ({
  name: typeNamed(type),
  text: codes(texts)[0] ?? '',
  reason,
}));
const said = rowsOf('| type | protection | rules | controls |').map(
  ([type, protection, rules = '', controls = '']) => ({
    name: typeNamed(type),
    protection,
    rules: rules.split(', ').filter((rule) => rule !== ''),
    controls: controls.split(', '),
  }),
);

describe('docs/product-lines.md', () => {
  it.each(typed)('is right that $name reads $text', ({ name, text, value, printed }) => {
    const definition = fieldOf(name);
    const read = readValue(definition, text.startsWith('{') ? JSON.parse(text) : text);
    expect(JSON.stringify(read)).toBe(value);
    expect(typeOf(definition).validate(read, definition, context)).toEqual([]);
    expect(typeOf(definition).print(read, definition, context)).toBe(printed);
  });

  it.each(refused)('is right that $name refuses $text', ({ name, text, reason }) => {
    expect(refusalOf(fieldOf(name), text).message).toContain(reason);
  });

  it.each(said)('tells the protection, rules and controls of $name', ({ name, protection, rules, controls }) => {
    const { pii, validations, controls: own } = fieldTypes[name];
    expect({ protection, rules, controls }).toEqual({ protection: pii, rules: [...validations], controls: [...own] });
  });

  it('has every type in both tables', () => {
    const all = Object.keys(fieldTypes).sort();
    expect([...new Set(typed.map(({ name }) => name))].sort()).toEqual(all);
    expect(said.map(({ name }) => name).sort()).toEqual(all);
    expect(refused.length).toBeGreaterThan(8);
  });
});
