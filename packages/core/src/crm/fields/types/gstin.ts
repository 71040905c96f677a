import type { FieldType } from '../field-type.js';
import { gstinFault } from '../identity/index.js';
import { codeText } from './code-text.js';
import { defineType } from './define-type.js';
import { patternRule, patternSchema } from './pattern-rule.js';

/** A GST identification number in capitals. It holds its owner's PAN, and is an identifier as that is. */
export const gstin: FieldType<string> = defineType<string>({
  name: 'gstin',
  controls: ['input'],
  pii: 'identifier',
  indexKind: 'hash',
  rules: [patternRule('identifier')],
  expected: () => 'a GSTIN such as 27AAPFU0939F1ZV',
  read(typed) {
    const value = codeText(typed);
    const fault = gstinFault(value);
    return fault === undefined ? { ok: true, value } : { ok: false, reason: fault };
  },
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({
    type: 'string',
    pattern: '^\\d{2}[A-Z]{5}\\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$',
    ...patternSchema(field),
  }),
  mask: (value) => `${value.slice(0, 7)}XXXX${value.slice(11)}`,
  normalise: (value) => value,
});
