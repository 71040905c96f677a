import type { FieldType } from '../field-type.js';
import { boundsRule, numberWords } from './bounds-rule.js';
import { defineType, type Reading } from './define-type.js';
import { maskAll } from './masks.js';
import { readNumber } from './number-text.js';

function read(typed: string): Reading<number> {
  const reading = readNumber(typed);
  if (!reading.ok) return reading;
  if (reading.value.includes('.')) return { ok: false, reason: 'is not a whole number' };
  const value = Number(reading.value);
  return Number.isSafeInteger(value) ? { ok: true, value } : { ok: false, reason: 'is too large to be kept exactly' };
}

const bounds = boundsRule<number>({
  typeClass: 'none',
  example: 'a whole number such as 36',
  words: numberWords,
  readBound(bound) {
    const reading = read(String(bound));
    return reading.ok ? reading.value : undefined;
  },
  compare: (a, b) => a - b,
  print: String,
});

/** A whole number up to 2^53 - 1 either way. */
export const integer: FieldType<number> = defineType<number>({
  name: 'integer',
  controls: ['number', 'input'],
  pii: 'none',
  indexKind: 'number',
  rules: [bounds],
  expected: () => 'a whole number such as 36',
  read,
  typeScript: () => 'number',
  print: String,
  jsonSchema(field, context) {
    const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds.of(field, context);
    return { type: 'integer', minimum: min, maximum: max };
  },
  mask: maskAll,
  normalise: String,
  toNumber: (value) => value,
});
