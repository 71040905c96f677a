import { foldDigits } from '../../../foundation/kernel/index.js';
import type { FieldType } from '../field-type.js';
import { defineType } from './define-type.js';
import { maskAll } from './masks.js';

const words: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'y', 'true', 't', '1', 'on', 'haan', 'ha', 'हाँ', 'हां', 'जी हाँ', 'जी हां', '✓', '✔'].map(
    (word): [string, boolean] => [word.normalize('NFC'), true],
  ),
  ...['no', 'n', 'false', 'f', '0', 'off', 'nahi', 'nahin', 'नहीं', 'नही', 'जी नहीं', '✗', '✘'].map(
    (word): [string, boolean] => [word.normalize('NFC'), false],
  ),
]);

/** Yes or no. */
export const boolean: FieldType<boolean> = defineType<boolean>({
  name: 'boolean',
  controls: ['checkbox', 'switch', 'radio', 'select'],
  pii: 'none',
  indexKind: 'number',
  rules: [],
  expected: () => 'yes or no (also y, n, true, false, 1, 0, हाँ, नहीं)',
  read(typed) {
    const value = words.get(foldDigits(typed).toLowerCase());
    return value === undefined ? { ok: false, reason: 'is neither yes nor no' } : { ok: true, value };
  },
  typeScript: () => 'boolean',
  print: (value) => (value ? 'yes' : 'no'),
  jsonSchema: () => ({ type: 'boolean' }),
  mask: maskAll,
  normalise: String,
  toNumber: (value) => (value ? 1 : 0),
});
