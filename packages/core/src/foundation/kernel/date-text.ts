import { cleanText } from './clean-text.js';
import { foldDigits } from './digits.js';
import { LmsError } from './errors.js';
import { type DateParts, type LocalDate, localDateOf, whyNoSuchDay } from './local-date.js';
import { quoted } from './quoted.js';

export const dateOrders = ['dmy', 'mdy', 'ymd'] as const;

/** Which part of a date written in numbers comes first. A four-digit year in front is always read as year first. */
export type DateOrder = (typeof dateOrders)[number];

export interface ReadDateOptions {
  readonly order: DateOrder;
  /**
   * The first year of the hundred years that a two-digit year stands for. Default 1950, the window of spreadsheets
   * today: `49` is 2049, `50` is 1950.
   */
  readonly centuryFrom?: number;
}

const monthNames: readonly (readonly string[])[] = [
  ['jan', 'january', 'जनवरी'],
  ['feb', 'february', 'फरवरी', 'फ़रवरी'],
  ['mar', 'march', 'मार्च'],
  ['apr', 'april', 'अप्रैल'],
  ['may', 'मई'],
  ['jun', 'june', 'जून'],
  ['jul', 'july', 'जुलाई'],
  ['aug', 'august', 'अगस्त'],
  ['sep', 'sept', 'september', 'सितंबर', 'सितम्बर'],
  ['oct', 'october', 'अक्टूबर', 'अक्तूबर'],
  ['nov', 'november', 'नवंबर', 'नवम्बर'],
  ['dec', 'december', 'दिसंबर', 'दिसम्बर'],
];

const monthOfName: ReadonlyMap<string, number> = new Map(
  monthNames.flatMap((names, index) => names.map((name): [string, number] => [name.normalize('NFC'), index + 1])),
);

/** Where year, month and day stand among the three parts of a date in numbers. */
const positions: Record<DateOrder, { readonly year: number; readonly month: number; readonly day: number }> = {
  dmy: { day: 0, month: 1, year: 2 },
  mdy: { month: 0, day: 1, year: 2 },
  ymd: { year: 0, month: 1, day: 2 },
};

const example: Record<DateOrder, string> = { dmy: '31/01/2026', mdy: '01/31/2026', ymd: '2026-01-31' };
const spokenOrder: Record<DateOrder, string> = { dmy: 'day first', mdy: 'month first', ymd: 'year first' };
const firstYear = 1800;
const lastYear = 2199;
const longestText = 100;

/** Numbers, a month's name and the usual separators; brackets, signs, currency and the like do not belong in a date. */
const shape = /^[\p{L}\p{M}\d]+(?:(?:[/\-.,]\s?|\s[-/]?\s?)[\p{L}\p{M}\d]+){0,3}$/u;

/** The date, or why the text is none: a phrase to put behind the text. */
export type DateReading =
  | { readonly ok: true; readonly date: LocalDate }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a date as people type it: `31/01/2026`, `31-1-26`, `31.01.2026`, `31 Jan 2026`, `31st January, 2026`,
 * `Jan 31, 2026`, `2026-01-31`, `20260131`, with digits of any Indian script. A midnight behind the date, as databases
 * export it, is dropped. Years 1800 to 2199: what lies outside is a slip of the keyboard, not a date of a lead.
 */
export function dateFromText(text: string, options: ReadDateOptions): DateReading {
  if (text.length > longestText) return { ok: false, reason: 'is too long for a date' };
  const cleaned = withoutMidnight(foldDigits(cleanText(text)).toLowerCase());
  const parts = shape.test(cleaned) ? partsOf(cleaned.match(/[\p{L}\p{M}]+|\d+/gu) ?? [], options) : undefined;
  if (parts === undefined) return { ok: false, reason: 'is not a date' };
  if (parts.year < firstYear || parts.year > lastYear) {
    return { ok: false, reason: `has the year ${parts.year}; years go from ${firstYear} to ${lastYear}` };
  }
  const reason = whyNoSuchDay(parts);
  return reason === undefined
    ? { ok: true, date: localDateOf(parts) }
    : { ok: false, reason: `is not a date: ${reason} (read as ${spokenOrder[options.order]})` };
}

/** {@link dateFromText} for callers without a use for refusals. @throws LmsError `DATE_INVALID` */
export function readDate(text: string, options: ReadDateOptions): LocalDate {
  const reading = dateFromText(text, options);
  if (reading.ok) return reading.date;
  throw new LmsError('DATE_INVALID', {
    message: `${quoted(text)} ${reading.reason}; expected one such as ${example[options.order]} or 31 Jan 2026`,
  });
}

function withoutMidnight(text: string): string {
  return text.replace(/(?<=\d)(?:(?:t|\s+)0?0:00(?::00(?:\.0+)?)?z?|\s+12:00(?::00)?\s?am)$/, '');
}

function partsOf(tokens: readonly string[], options: ReadDateOptions): DateParts | undefined {
  const words = withoutOrdinalEndings(tokens);
  if (words.length === 1) return compactDate(words[0] ?? '', options);
  if (words.length !== 3) return undefined;
  const monthAt = words.findIndex((word) => monthOfName.has(word));
  return monthAt >= 0 ? namedMonthDate(words, monthAt, options) : numericDate(words, options);
}

/** `31st` arrives as `31` and `st`; the ending is dropped. */
function withoutOrdinalEndings(tokens: readonly string[]): readonly string[] {
  return tokens.filter(
    (token, index) => !(/^(?:st|nd|rd|th)$/.test(token) && /^\d{1,2}$/.test(tokens[index - 1] ?? '')),
  );
}

function numericDate(words: readonly string[], options: ReadDateOptions): DateParts | undefined {
  const yearFirst = /^\d{4}$/.test(words[0] ?? '');
  const at = positions[yearFirst ? 'ymd' : options.order];
  return assembled(words[at.year], words[at.month], words[at.day], options);
}

function namedMonthDate(words: readonly string[], monthAt: number, options: ReadDateOptions): DateParts | undefined {
  const month = String(monthOfName.get(words[monthAt] ?? ''));
  const [first, second] = words.filter((_, index) => index !== monthAt);
  if (monthAt === 2) return undefined;
  const yearFirst = monthAt === 1 && /^\d{4}$/.test(first ?? '');
  return yearFirst ? assembled(first, month, second, options) : assembled(second, month, first, options);
}

/** Eight digits in one: the year can only be at one end, since no month is 18 to 21. */
function compactDate(word: string, options: ReadDateOptions): DateParts | undefined {
  if (!/^\d{8}$/.test(word)) return undefined;
  if (/^(?:1[89]|2[01])\d\d(?:0[1-9]|1[0-2])/.test(word)) {
    return assembled(word.slice(0, 4), word.slice(4, 6), word.slice(6), options);
  }
  const [first, second, year] = [word.slice(0, 2), word.slice(2, 4), word.slice(4)];
  return options.order === 'mdy' ? assembled(year, first, second, options) : assembled(year, second, first, options);
}

function assembled(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  options: ReadDateOptions,
): DateParts | undefined {
  if (!/^(?:\d{2}|\d{4})$/.test(year ?? '') || !/^\d{1,2}$/.test(month ?? '') || !/^\d{1,2}$/.test(day ?? ''))
    return undefined;
  return { year: fullYear(year ?? '', options.centuryFrom ?? 1950), month: Number(month), day: Number(day) };
}

function fullYear(year: string, centuryFrom: number): number {
  if (year.length === 4) return Number(year);
  const sameCentury = Math.floor(centuryFrom / 100) * 100 + Number(year);
  return sameCentury < centuryFrom ? sameCentury + 100 : sameCentury;
}
