import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { readDefinitionText } from '../fields/index.js';
import { definitionJsonSchema } from './definition-json-schema.js';

const published = new URL('../../../schemas/product-line.schema.json', import.meta.url);

function validator(): ValidateFunction {
  return new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(published, 'utf8')));
}

function example(name: string): unknown {
  const file = new URL(`../../../../../examples/product-lines/${name}.yaml`, import.meta.url);
  return readDefinitionText(readFileSync(file, 'utf8'), { format: 'yaml' }).json;
}

describe('the published JSON Schema of a definition file', () => {
  it('is what the code accepts (write it anew with vitest --update)', async () => {
    await expect(`${JSON.stringify(definitionJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(published.pathname);
  });

  it.each(['personal-loan', 'insurance', 'demat'])('accepts the example %s', (name) => {
    const validate = validator();
    expect(validate(example(name)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ['an unknown key', { colour: 'red' }],
    ['a field without a type', { fields: [{ key: 'mobile', label: 'Mobile' }] }],
    ['a stage with an unknown key', { pipeline: { stages: [{ slug: 'new', name: 'New', nxt: [] }] } }],
    ['no pipeline', { pipeline: undefined }],
  ])('refuses %s', (_what, change) => {
    const file = JSON.parse(JSON.stringify({ ...(example('demat') as object), ...change }));
    expect(validator()(file)).toBe(false);
  });
});
