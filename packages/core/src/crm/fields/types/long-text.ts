import { cleanLines } from '../../../foundation/kernel/index.js';
import type { FieldType } from '../field-type.js';
import { hideAadhaarNumbers } from '../identity/index.js';
import { defineType, type Reading } from './define-type.js';
import { lengthRule, lengthSchema } from './length-rule.js';
import { maskAll } from './masks.js';

const mostCharacters = 20_000;

function read(typed: string): Reading<string> {
  const value = hideAadhaarNumbers(typed);
  return { ok: true, value, entered: value };
}

/** Text of several lines, at most 20,000 characters; line breaks are `\n`. */
export const longText: FieldType<string> = defineType<string>({
  name: 'long-text',
  controls: ['textarea', 'input'],
  pii: 'free-text',
  indexKind: 'hash',
  rules: [lengthRule(mostCharacters)],
  expected: () => 'text',
  clean: cleanLines,
  read,
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({ type: 'string', ...lengthSchema(field, mostCharacters) }),
  mask: maskAll,
  normalise: (value) => value.normalize('NFKC').toLowerCase(),
});
