import { compareDecimals, type Decimal } from '../../../foundation/kernel/index.js';
import type { FieldType } from '../field-type.js';
import { boundsRule, numberWords } from './bounds-rule.js';
import { defineType, type Reading } from './define-type.js';
import { maskAll } from './masks.js';
import { readNumber } from './number-text.js';
import { decimalSchema, precisionRule } from './precision-rule.js';

const sign = / ?(?:%|percent|per cent|pct\.?)?(?: ?(?:p\.?a\.?|per annum|per year|a year))?$/i;

function read(typed: string): Reading<Decimal> {
  return readNumber(typed.replace(sign, ''));
}

const print = (value: Decimal): string => `${value}%`;

const bounds = boundsRule<Decimal>({
  typeClass: 'none',
  example: 'a percentage such as 14 or 10.5',
  words: numberWords,
  readBound(bound) {
    const reading = read(String(bound));
    return reading.ok ? reading.value : undefined;
  },
  compare: compareDecimals,
  print,
});

/** A percentage in points, exact: `14`, `14%` and `14 % p.a.` are `"14"`; 0.14 is 0.14 %. */
export const percent: FieldType<Decimal> = defineType<Decimal>({
  name: 'percent',
  controls: ['number', 'input'],
  pii: 'none',
  indexKind: 'number',
  rules: [bounds, precisionRule],
  expected: () => 'a percentage such as 14 or 10.5%',
  read,
  typeScript: () => 'string',
  print,
  jsonSchema: decimalSchema,
  mask: maskAll,
  normalise: (value) => value,
  toNumber: Number,
});
