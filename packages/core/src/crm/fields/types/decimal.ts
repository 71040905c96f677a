import { compareDecimals, type Decimal } from '../../../foundation/kernel/index.js';
import type { FieldType } from '../field-type.js';
import { boundsRule, numberWords } from './bounds-rule.js';
import { defineType } from './define-type.js';
import { maskAll } from './masks.js';
import { readNumber } from './number-text.js';
import { decimalSchema, precisionRule } from './precision-rule.js';

const bounds = boundsRule<Decimal>({
  typeClass: 'none',
  example: 'a number such as 2.5',
  words: numberWords,
  readBound(bound) {
    const reading = readNumber(String(bound));
    return reading.ok ? reading.value : undefined;
  },
  compare: compareDecimals,
  print: (value) => value,
});

/** An exact decimal number in its canonical spelling. */
export const decimal: FieldType<Decimal> = defineType<Decimal>({
  name: 'decimal',
  controls: ['number', 'input'],
  pii: 'none',
  indexKind: 'number',
  rules: [bounds, precisionRule],
  expected: () => 'a number such as 2.5',
  read: readNumber,
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: decimalSchema,
  mask: maskAll,
  normalise: (value) => value,
  toNumber: Number,
});
