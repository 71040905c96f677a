import {
  compareLocalDates,
  type DateOrder,
  type DateReading,
  dateFromText,
  dayNumber,
  type LocalDate,
} from '../../../foundation/kernel/index.js';
import type { FieldContext, FieldType } from '../field-type.js';
import { boundsRule, timeWords } from './bounds-rule.js';
import { readDateBound } from './date-bound.js';
import { dateOrderOf } from './date-order.js';
import { defineType, type Reading } from './define-type.js';
import { dayReading } from './instant-range.js';
import { maskAll } from './masks.js';
import { otherFieldRule } from './other-field-rule.js';
import { timeIn } from './zone-time.js';

const examples = { dmy: '31/01/2026', mdy: '01/31/2026', ymd: '2026-01-31' } as const;
const dayMillis = 86_400_000;

/** 1927 to 2173, as a spreadsheet numbers days. */
const spreadsheetDay = /^\d{5}$/;

function read(typed: string, order: DateOrder): Reading<LocalDate> {
  if (spreadsheetDay.test(typed)) {
    return { ok: false, reason: 'is the day number of a spreadsheet; format the column as a date' };
  }
  return asReading(dateFromText(typed, { order }));
}

function asReading(reading: DateReading): Reading<LocalDate> {
  return reading.ok ? { ok: true, value: reading.date } : reading;
}

/**
 * A `Date` at midnight UTC is that day, which is what `new Date('2026-01-31')` and readers of spreadsheets make of one; any
 * other is the day of that instant in the business time zone.
 */
function readExact(input: object, context: FieldContext): Reading<LocalDate> | undefined {
  if (!(input instanceof Date)) return undefined;
  const instant = input.getTime();
  if (Number.isNaN(instant)) return { ok: false, reason: 'is an invalid Date' };
  const zone = instant % dayMillis === 0 ? 'UTC' : context.timeZone;
  return dayReading(() => timeIn(zone).localDate(instant));
}

const bounds = boundsRule<LocalDate>({
  typeClass: 'none',
  example: 'a date such as 2026-01-31, today, today-18y, today+3m or today+90d',
  words: timeWords,
  readBound: (bound, _end, _field, context) => readDateBound(bound, context),
  compare: compareLocalDates,
  print: (value) => value,
});

/** A day, `YYYY-MM-DD`, of the years 1800 to 2199. */
export const date: FieldType<LocalDate> = defineType<LocalDate>({
  name: 'date',
  controls: ['date', 'input'],
  pii: 'none',
  indexKind: 'number',
  rules: [bounds, otherFieldRule],
  expected: (field, context) => `a date such as ${examples[dateOrderOf(field, context)]} or 31 Jan 2026`,
  read: (typed, field, context) => read(typed, dateOrderOf(field, context)),
  readExact: (input, _field, context) => readExact(input, context),
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: () => ({ type: 'string', format: 'date', pattern: '^(?:1[89]|2[01])\\d\\d-' }),
  mask: maskAll,
  normalise: (value) => value,
  toNumber: dayNumber,
});
