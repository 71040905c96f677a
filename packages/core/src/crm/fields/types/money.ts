import { formatAmount, isMinorUnits, parseCurrencyCode, readAmount } from '../../../foundation/kernel/index.js';
import type { FieldContext, FieldType } from '../field-type.js';
import type { MoneyValue } from '../field-value.js';
import { boundsRule, numberWords } from './bounds-rule.js';
import { defineType, type Reading } from './define-type.js';
import { maskAll } from './masks.js';
import { cutBySpreadsheet, isCutBySpreadsheet } from './typed-text.js';

function read(typed: string, context: FieldContext): Reading<MoneyValue> {
  if (isCutBySpreadsheet(typed)) return { ok: false, reason: cutBySpreadsheet };
  const reading = readAmount(typed, { currency: parseCurrencyCode(context.currency), allowNegative: true });
  return reading.ok ? { ok: true, value: { amountPaise: reading.amount } } : reading;
}

/** Exactly `{ amountPaise }`: a key more may be a unit or a currency that would be lost. */
function readExact(input: object): Reading<MoneyValue> | undefined {
  const amount: unknown = 'amountPaise' in input ? input.amountPaise : undefined;
  if (amount === undefined || Object.keys(input).length !== 1) return undefined;
  return isMinorUnits(amount)
    ? { ok: true, value: { amountPaise: amount } }
    : { ok: false, reason: 'has an amountPaise that is not a whole number of paise' };
}

function print(value: MoneyValue, context: FieldContext): string {
  return formatAmount(value.amountPaise, { currency: parseCurrencyCode(context.currency), style: 'grouped' });
}

const bounds = boundsRule<MoneyValue>({
  typeClass: 'none',
  example: 'an amount such as 50,000 or 5 lakh',
  words: numberWords,
  defaults: { min: { amountPaise: 0 } },
  readBound(bound, _end, _field, context) {
    const reading = read(String(bound), context);
    return reading.ok ? reading.value : undefined;
  },
  compare: (a, b) => a.amountPaise - b.amountPaise,
  print: (value, _field, context) => print(value, context),
});

/**
 * Money in minor units of the store's currency. Text and numbers mean what a person means, the major unit: `500000` and
 * `5 lakh` are five lakh rupees; `{ amountPaise }` is exact. Not below zero unless `min` says so.
 */
export const money: FieldType<MoneyValue> = defineType<MoneyValue>({
  name: 'money',
  controls: ['money', 'number', 'input'],
  pii: 'none',
  indexKind: 'number',
  rules: [bounds],
  expected: () => 'an amount such as 5,00,000, 2.5 lakh or 75000.50',
  read: (typed, _field, context) => read(typed, context),
  readExact,
  typeScript: () => '{ readonly amountPaise: number }',
  print: (value, _field, context) => print(value, context),
  jsonSchema(field, context) {
    const { min, max } = bounds.of(field, context);
    return {
      type: 'object',
      properties: {
        amountPaise: {
          type: 'integer',
          minimum: min?.amountPaise ?? Number.MIN_SAFE_INTEGER,
          maximum: max?.amountPaise ?? Number.MAX_SAFE_INTEGER,
        },
      },
      required: ['amountPaise'],
      additionalProperties: false,
    };
  },
  mask: maskAll,
  normalise: (value) => String(value.amountPaise),
  toNumber: (value) => value.amountPaise,
});
