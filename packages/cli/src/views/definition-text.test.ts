import { readFileSync } from 'node:fs';
import { diffDefinitions } from '@lms/core';
import { type ProductLineDefinition, parseDefinitionText } from '@lms/core/fields';
import { describe, expect, it } from 'vitest';
import { exampleFile } from '../test/stores.js';
import { definitionText } from './definition-text.js';

function example(name: string): ProductLineDefinition {
  return parseDefinitionText(readFileSync(exampleFile(`product-lines/${name}.yaml`), 'utf8'), { format: 'yaml' });
}

describe('a definition as a file to edit', () => {
  it.each(['personal-loan', 'insurance', 'demat'])('of %s publishes to the same', (name) => {
    const definition = example(name);
    const text = definitionText(definition, './product-line.schema.json');
    expect(diffDefinitions(definition, parseDefinitionText(text, { format: 'yaml' }))).toEqual([]);
  });

  it('says what its parts are for, has a heading for each section, and names its JSON Schema', () => {
    const text = definitionText(example('personal-loan'), './product-line.schema.json');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/product-line\.schema\.json\n/);
    expect(text).toMatch(/\n\n# What at most one lead may hold;.*\nunique:\n/);
    expect(text).toMatch(/\n\n {2}# Contact\n {2}- key: mobile\n/);
    expect(text).toContain('    validation: { minLength: 2, maxLength: 120 }\n');
    expect(text.split('\n').filter((line) => line.length > 160)).toEqual([]);
  });

  it('leaves out what goes without saying, so that stages stand in the order of the file', () => {
    const stages = [
      { slug: 'new', name: 'New', colour: '#64748b', order: 1, active: true, terminal: null, next: ['won'], tasks: [] },
      { slug: 'won', name: 'Won', colour: '#64748b', order: 2, active: true, terminal: 'won', next: [], tasks: [] },
    ];
    const definition = { ...example('demat'), pipeline: { stages } };
    expect(definitionText(definition)).toContain(
      'pipeline:\n  stages:\n    - slug: new\n      name: New\n      colour: "#64748b"\n      next: [ won ]\n',
    );
    expect(definitionText(definition)).not.toMatch(/order:|active: true|terminal: null/);
  });
});
