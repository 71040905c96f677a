import { addDays, addMonths, dateFromText, hasCode, type LocalDate } from '../../../foundation/kernel/index.js';
import type { FieldContext } from '../field-type.js';

type Unit = 'd' | 'm' | 'y';

const pattern = /^today(?:\s*([+-])\s*(\d{1,5})\s*([dmy]))?$/i;

const steps: Record<Unit, (date: LocalDate, count: number) => LocalDate> = {
  d: addDays,
  m: addMonths,
  y: (date, count) => addMonths(date, count * 12),
};

/** Bounds stand in definitions, which are not of any file: the order of the dates of a file is not theirs. */
const orderOfDefinitions = 'dmy';

/** `today`, `today-18y`, `today+3m`, `today+90d`, or a date as people type it; undefined when the text is none of these. */
export function readDateBound(bound: string | number, context: FieldContext): LocalDate | undefined {
  if (typeof bound === 'number') return undefined;
  const [matched, sign, count = '0', unit = 'd'] = pattern.exec(bound.trim()) ?? [];
  if (matched === undefined) {
    const reading = dateFromText(bound, { order: orderOfDefinitions });
    return reading.ok ? reading.date : undefined;
  }
  return stepped(context.today, sign === '-' ? -Number(count) : Number(count), unit.toLowerCase());
}

function stepped(today: LocalDate, count: number, unit: string): LocalDate | undefined {
  const step = unit === 'm' || unit === 'y' || unit === 'd' ? steps[unit] : undefined;
  try {
    return step?.(today, count);
  } catch (error) {
    if (hasCode(error, 'DATE_INVALID')) return undefined;
    throw error;
  }
}
