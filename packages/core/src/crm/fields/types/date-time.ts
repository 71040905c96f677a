import { addDays, compareLocalDates, type Instant } from '../../../foundation/kernel/index.js';
import type { FieldContext, FieldType } from '../field-type.js';
import { type BoundEnd, boundsRule, timeWords } from './bounds-rule.js';
import { readDateBound } from './date-bound.js';
import { dateOrderOf } from './date-order.js';
import { printDateTime, readDateTime } from './date-time-text.js';
import { defineType, type Reading } from './define-type.js';
import { instantReading } from './instant-range.js';
import { maskAll } from './masks.js';
import { otherFieldRule } from './other-field-rule.js';
import { timeIn } from './zone-time.js';

function readExact(input: object): Reading<Instant> | undefined {
  if (!(input instanceof Date)) return undefined;
  const instant = input.getTime();
  return Number.isNaN(instant) ? { ok: false, reason: 'is an invalid Date' } : instantReading(() => instant);
}

/** A day as a bound is all of that day: from its first instant, to its last. */
function readBound(bound: string | number, end: BoundEnd, context: FieldContext): Instant | undefined {
  const day = readDateBound(bound, context);
  const reading =
    day === undefined
      ? readDateTime(String(bound), { ...context, dateOrder: 'dmy' })
      : instantReading(() => {
          const time = timeIn(context.timeZone);
          return end === 'min' ? time.startOfDay(day) : time.startOfDay(addDays(day, 1)) - 1;
        });
  return reading.ok ? reading.value : undefined;
}

const bounds = boundsRule<Instant>({
  typeClass: 'none',
  example: 'a date and time such as 2026-01-31 15:30, or today, today-3m, today+90d',
  words: timeWords,
  readBound: (bound, end, _field, context) => readBound(bound, end, context),
  compare: compareLocalDates,
  print: (value, _field, context) => printDateTime(value, context),
});

/** An instant in UTC with milliseconds, of the years 1900 to 2199; typed and printed in the business time zone. */
export const dateTime: FieldType<Instant> = defineType<Instant>({
  name: 'date-time',
  controls: ['date-time', 'input'],
  pii: 'none',
  indexKind: 'number',
  rules: [bounds, otherFieldRule],
  expected: () => 'a date and time such as 31 Jan 2026 3:30 pm or 2026-01-31T10:00:00Z',
  read: (typed, field, context) => readDateTime(typed, { ...context, dateOrder: dateOrderOf(field, context) }),
  readExact,
  typeScript: () => 'string',
  print: (value, _field, context) => printDateTime(value, context),
  jsonSchema: () => ({
    type: 'string',
    format: 'date-time',
    pattern: '^(?:19|20|21)\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
  }),
  mask: maskAll,
  normalise: (value) => value,
  toNumber: Date.parse,
});
