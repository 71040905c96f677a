import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LmsError, type Problem } from '../../foundation/kernel/index.js';
import { parseDefinitionText, readDefinitionText } from './definition-text.js';
import { lineSchemaOf } from './product-line-definition.js';

const example = (name: string): string =>
  readFileSync(new URL(`../../../../../examples/product-lines/${name}.yaml`, import.meta.url), 'utf8');

function problemsIn(text: string, format: 'yaml' | 'json' = 'yaml'): readonly Problem[] {
  try {
    parseDefinitionText(text, { format });
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    expect(error.code).toBe('DEFINITION_INVALID');
    return error.details['problems'] as readonly Problem[];
  }
  throw new Error('was accepted');
}

const small = `
slug: loans
name: Loans
roles: { phone: mobile }
fields:
  - { key: mobile, label: Mobile, type: phone }
pipeline: { stages: [] }
`;

describe('a definition file', () => {
  it.each(['personal-loan', 'insurance', 'demat'])('reads the example %s', (name) => {
    const definition = parseDefinitionText(example(name), { format: 'yaml' });
    expect(definition.slug).toBe(name);
    expect(definition.fields.length).toBeGreaterThanOrEqual(30);
  });

  it('reads the same from JSON as from YAML', () => {
    const fromYaml = parseDefinitionText(small, { format: 'yaml' });
    const asJson = JSON.stringify(fromYaml, null, '\t');
    expect(parseDefinitionText(`\ufeff${asJson}`, { format: 'json' })).toEqual(fromYaml);
  });

  it('makes phone and email unique among open leads of the line when the file says nothing', () => {
    const definition = parseDefinitionText(small, { format: 'yaml' });
    expect(lineSchemaOf(definition, 1).unique).toEqual([
      { name: 'mobile', scope: 'line', fields: ['mobile'], while: 'open' },
    ]);
  });

  it('keeps what looks like a date or a yes as the text it is', () => {
    const text = small.replace('label: Mobile', 'label: Mobile, default: 2026-01-31, help: yes');
    expect(parseDefinitionText(text, { format: 'yaml' }).fields[0]).toMatchObject({
      default: '2026-01-31',
      help: 'yes',
    });
  });
});

describe('a broken definition file', () => {
  it('names path, line and column of every wrong place at once', () => {
    const text = small
      .replace('type: phone', 'type: telephone, requierd: true')
      .replace('name: Loans', 'name: 7')
      .replace('label: Mobile, ', '');
    const problems = problemsIn(text);
    expect(problems).toContainEqual({
      path: 'name',
      rule: 'invalid-type',
      message: 'expected text (line 3, column 7)',
    });
    expect(problems.find((problem) => problem.path === 'fields[0].label')).toMatchObject({ rule: 'required' });
    expect(problems.find((problem) => problem.path === 'fields[0].type')?.message).toMatch(/one of text, .*line 6/);
    expect(problems.find((problem) => problem.path === 'fields[0].requierd')?.message).toBe(
      'unknown key "requierd"; did you mean "required"? (line 6, column 47)',
    );
  });

  it.each([
    ['fields[0].__proto__', '{ key: mobile, label: Mobile, type: phone, __proto__: { required: true } }'],
    ['fields[0].constructor', '{ key: mobile, label: Mobile, type: phone, constructor: 1 }'],
    ['fields[0].validation["$gt"]', '{ key: mobile, label: Mobile, type: phone, validation: { $gt: 1 } }'],
  ])('refuses the key at %s by name', (path, field) => {
    const problems = problemsIn(small.replace('{ key: mobile, label: Mobile, type: phone }', field));
    expect(problems.map((problem) => [problem.path, problem.rule])).toEqual([[path, 'forbidden-key']]);
  });

  it('refuses such keys inside the pipeline section too, from JSON as well', () => {
    const text = '{"slug":"a","name":"A","fields":[{"key":"a","label":"A","type":"text"}],"pipeline":{"__proto__":{}}}';
    expect(problemsIn(text, 'json')).toMatchObject([{ path: 'pipeline.__proto__', rule: 'forbidden-key' }]);
  });

  it.each(['yaml', 'json'] as const)('refuses a key that stands twice, in %s', (format) => {
    const text = '{\n"slug": "a",\n"slug": "b"}';
    expect(problemsIn(text, format)).toMatchObject([{ path: 'line 3, column 1', rule: 'duplicate-key' }]);
  });

  it('says where JSON breaks off', () => {
    expect(problemsIn('{\n  "slug": "a",\n  "name" 1 }', 'json')).toMatchObject([
      { path: 'line 3, column 10', rule: 'syntax' },
    ]);
  });

  it('does not expand an alias bomb', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const inner =
        level === 0
          ? '[x, x, x, x, x, x, x, x, x]'
          : `[${Array(9)
              .fill(`*l${level - 1}`)
              .join(', ')}]`;
      return `l${level}: &l${level} ${inner}`;
    });
    const started = performance.now();
    expect(problemsIn(levels.join('\n'))).toMatchObject([{ rule: 'too-many-aliases' }]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('does not follow a document that is nested without end', () => {
    expect(problemsIn(small.replace('{ stages: [] }', `${'['.repeat(60)}${']'.repeat(60)}`))).toMatchObject([
      { rule: 'too-deep' },
    ]);
  });
});

it('tells the place of a path, or of the nearest place around it', () => {
  const text = readDefinitionText(small, { format: 'yaml' });
  expect(text.locate('fields[0].type')).toEqual({ line: 6, column: 41 });
  expect(text.locate('fields[0].validation.min')).toEqual({ line: 6, column: 5 });
  expect(text.locate('nowhere')).toBeNull();
});
