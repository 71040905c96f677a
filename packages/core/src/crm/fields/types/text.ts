import type { FieldType } from '../field-type.js';
import { defineType } from './define-type.js';
import { lengthRule, lengthSchema } from './length-rule.js';
import { maskAll } from './masks.js';
import { patternRule, patternSchema } from './pattern-rule.js';

const mostCharacters = 1000;

/** One line of text: white space collapsed, invisible characters removed, NFC. At most 1,000 characters. */
export const text: FieldType<string> = defineType<string>({
  name: 'text',
  controls: ['input'],
  pii: 'none',
  indexKind: 'text',
  // What a text field holds is often a name, whatever its class says: problems tell its shape alone.
  rules: [lengthRule(mostCharacters), patternRule('free-text')],
  expected: () => 'a line of text',
  read: (typed) => ({ ok: true, value: typed }),
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({ type: 'string', ...lengthSchema(field, mostCharacters), ...patternSchema(field) }),
  mask: maskAll,
  normalise: (value) => value.normalize('NFKC').toLowerCase(),
});
