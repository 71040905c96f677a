import type { FieldType } from '../field-type.js';
import { codeText } from './code-text.js';
import { defineType, type Reading } from './define-type.js';
import { maskAll } from './masks.js';
import { patternRule, patternSchema } from './pattern-rule.js';

const pattern = '^[A-Z]{4}0[A-Z0-9]{6}$';

function read(typed: string): Reading<string> {
  const value = codeText(typed);
  if (value.length !== 11) return { ok: false, reason: `has ${value.length} characters, not 11` };
  if (!/^[A-Z]{4}/.test(value)) return { ok: false, reason: 'does not begin with the four letters of a bank' };
  if (value.charAt(4) !== '0') return { ok: false, reason: 'has no zero in place 5 (the letter O is not one)' };
  if (!/^[A-Z0-9]+$/.test(value)) return { ok: false, reason: 'has something other than letters and digits' };
  return { ok: true, value };
}

/** The code of a bank branch (Reserve Bank of India): bank, a zero, branch. Whether the branch exists is not checked. */
export const ifsc: FieldType<string> = defineType<string>({
  name: 'ifsc',
  controls: ['input'],
  pii: 'none',
  indexKind: 'text',
  rules: [patternRule('none')],
  expected: () => 'an IFSC such as KKBK0000261',
  read,
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({ type: 'string', pattern, ...patternSchema(field) }),
  mask: maskAll,
  normalise: (value) => value,
});
