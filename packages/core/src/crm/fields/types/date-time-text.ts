import { dateFromText, foldDigits, type Instant } from '../../../foundation/kernel/index.js';
import type { FieldContext } from '../field-type.js';
import type { Reading } from './define-type.js';
import { instantReading } from './instant-range.js';
import { timeIn } from './zone-time.js';

const longestText = 100;
const timePattern =
  /^(?<date>.*?\d.*?)(?:t| at |,? +)(?<hours>\d{1,2}):(?<minutes>[0-5]\d)(?::(?<seconds>[0-5]\d)(?:\.(?<fraction>\d{1,9}))?)?(?: ?(?<half>[ap])\.?m\.?)?(?: ?(?<offset>z|utc|gmt|ist|[+-](?:0\d|1[0-4]):?[0-5]\d))?$/;

/**
 * Reads a date and a time as people and programs write them: `31/01/2026 3:30 pm`, `31-01-2026 15:30`,
 * `2026-01-31T15:30:00+05:30`, `2026-01-31T10:00:00.000Z`. Without an offset the time is that of the business time zone; a
 * date alone is its first instant.
 */
export function readDateTime(typed: string, context: FieldContext): Reading<Instant> {
  if (typed.length > longestText) return { ok: false, reason: 'is too long for a date and time' };
  const text = foldDigits(typed).toLowerCase();
  const parts = timePattern.exec(text)?.groups;
  const reading = dateFromText(parts?.['date'] ?? text, { order: context.dateOrder });
  if (!reading.ok) return { ok: false, reason: reading.reason.replace('is not a date', 'is not a date and time') };
  const clock = parts === undefined ? '00:00' : clockOf(parts);
  if (clock === undefined) return { ok: false, reason: 'has an hour that does not exist' };
  const offset = parts?.['offset'];
  return instantReading(() =>
    offset === undefined
      ? timeIn(context.timeZone).atLocal(reading.date, clock)
      : timeIn('UTC').atLocal(reading.date, clock) - offsetMinutes(offset) * 60_000,
  );
}

/** `2026-01-31 15:30:00 +05:30`: the business day and time, exact to the millisecond. */
export function printDateTime(value: Instant, context: FieldContext): string {
  const time = timeIn(context.timeZone);
  const instant = Date.parse(value);
  const [date, clock] = [time.localDate(instant), time.localTime(instant)];
  const secondsAhead = (timeIn('UTC').atLocal(date, clock) - Math.floor(instant / 1000) * 1000) / 1000;
  // Before standard time, zones were ahead of UTC by odd seconds, which no offset can say.
  if (secondsAhead % 60 !== 0 || date < '1900-01-01' || date > '2199-12-31') return value;
  const fraction = value.slice(19, 23) === '.000' ? '' : value.slice(19, 23);
  return `${date} ${clock}${fraction} ${offsetText(secondsAhead / 60)}`;
}

type Parts = Readonly<Record<string, string | undefined>>;

function clockOf(parts: Parts): string | undefined {
  const hours = hoursOf(Number(parts['hours']), parts['half']);
  if (hours === undefined) return undefined;
  const millis = (parts['fraction'] ?? '').padEnd(3, '0').slice(0, 3);
  return `${twoDigits(hours)}:${parts['minutes']}:${parts['seconds'] ?? '00'}.${millis}`;
}

function hoursOf(hours: number, half: string | undefined): number | undefined {
  if (half === undefined) return hours <= 23 ? hours : undefined;
  return hours >= 1 && hours <= 12 ? (hours % 12) + (half === 'p' ? 12 : 0) : undefined;
}

function offsetMinutes(offset: string): number {
  if (offset === 'ist') return 330;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
