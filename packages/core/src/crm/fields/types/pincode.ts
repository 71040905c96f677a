import type { FieldType } from '../field-type.js';
import { codeText } from './code-text.js';
import { defineType, type Reading } from './define-type.js';
import { maskAll } from './masks.js';
import { patternRule, patternSchema } from './pattern-rule.js';

export function readPincode(typed: string): Reading<string> {
  const value = codeText(typed.replace(/(?<=\d)\.0+$/, ''));
  if (!/^\d+$/.test(value)) return { ok: false, reason: 'is not a PIN code' };
  if (value.length !== 6)
    return { ok: false, reason: `has ${value.length} ${value.length === 1 ? 'digit' : 'digits'}, not 6` };
  if (value.startsWith('0')) return { ok: false, reason: 'begins with 0, which no PIN code does' };
  return { ok: true, value };
}

/** An Indian postal index number. */
export const pincode: FieldType<string> = defineType<string>({
  name: 'pincode',
  controls: ['input', 'number'],
  pii: 'none',
  indexKind: 'text',
  rules: [patternRule('none')],
  expected: () => 'a PIN code such as 560038',
  read: readPincode,
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({ type: 'string', pattern: '^[1-9]\\d{5}$', ...patternSchema(field) }),
  mask: maskAll,
  normalise: (value) => value,
});
