import type { FieldType } from '../field-type.js';
import { panFault } from '../identity/index.js';
import { codeText } from './code-text.js';
import { defineType } from './define-type.js';
import { patternRule, patternSchema } from './pattern-rule.js';

/** A permanent account number in capitals, checked by structure. */
export const pan: FieldType<string> = defineType<string>({
  name: 'pan',
  controls: ['input'],
  pii: 'identifier',
  indexKind: 'hash',
  rules: [patternRule('identifier')],
  expected: () => 'a PAN such as ABCPE1234F',
  read(typed) {
    const value = codeText(typed);
    const fault = panFault(value);
    return fault === undefined ? { ok: true, value } : { ok: false, reason: fault };
  },
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({
    type: 'string',
    pattern: '^[A-Z]{3}[ABCFGHJLPT][A-Z]\\d{4}[A-Z]$',
    ...patternSchema(field),
  }),
  // As the Central Board of Direct Taxes masks it: the kind of holder stays, the serial goes.
  mask: (value) => `${value.slice(0, 5)}XXXX${value.slice(9)}`,
  normalise: (value) => value,
});
