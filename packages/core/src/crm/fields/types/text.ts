import type { FieldDefinition } from '../field-definition.js';
import type { FieldType } from '../field-type.js';
import { hideAadhaarNumbers } from '../identity/index.js';
import { defineType, type Reading, type Rule } from './define-type.js';
import { lengthRule, lengthSchema } from './length-rule.js';
import { maskAll } from './masks.js';
import { patternRule, patternSchema } from './pattern-rule.js';
import { cutBySpreadsheet } from './typed-text.js';

const mostCharacters = 1000;

/** A long number, such as one of an account, that a spreadsheet has cut: nobody types `9.87654E+09`. */
const cutNumber = /^\d\.\d+e\+\d{2,3}$/i;

const cutNumberRule: Rule<string> = {
  validations: [],
  check: (value) =>
    cutNumber.test(value)
      ? [{ rule: 'digits-lost', message: `the text ${cutBySpreadsheet}`, expected: 'a line of text' }]
      : [],
  lint: () => [],
};

function read(typed: string, field: FieldDefinition): Reading<string> {
  const value = isNumberOfItsOwn(field) ? typed : hideAadhaarNumbers(typed);
  return { ok: true, value, entered: value };
}

/** A reference or an account whose form the definition says, or that it calls an identifier: twelve digits there are no Aadhaar number. */
function isNumberOfItsOwn({ pii, validation }: FieldDefinition): boolean {
  return pii === 'identifier' || validation?.pattern !== undefined;
}

/** One line of text: white space collapsed, invisible characters removed, NFC. At most 1,000 characters. */
export const text: FieldType<string> = defineType<string>({
  name: 'text',
  controls: ['input'],
  pii: 'none',
  indexKind: 'text',
  // What a text field holds is often a name, whatever its class says: problems tell its shape alone.
  rules: [lengthRule(mostCharacters), patternRule('free-text'), cutNumberRule],
  expected: () => 'a line of text',
  read,
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({ type: 'string', ...lengthSchema(field, mostCharacters), ...patternSchema(field) }),
  mask: maskAll,
  normalise: (value) => value.normalize('NFKC').toLowerCase(),
});
