import type { CalendarDefinition } from '@lms/core';
import { LmsError, type Problem } from '@lms/core/kernel';
import { icsHolidays, isIcs, type NamedDay } from './ics-holidays.js';
import { placeOf, readTextFile } from './text.js';

type Holidays = NonNullable<CalendarDefinition['holidays']>;

/**
 * The days of an iCalendar file, or days, one a line, with or without a name: `2026-01-26,Republic Day`. Separators are commas, semicolons, tabs and spaces; a heading in the
 * first line, which has no digit, and empty lines are passed over.
 * @throws LmsError `INPUT_INVALID`, which names each wrong line
 */
export async function readHolidayFile(file: string): Promise<Holidays> {
  const place = placeOf(file);
  const text = await readTextFile(file);
  const { days, problems } = isIcs(text) ? icsHolidays(text) : listedHolidays(text);
  if (problems.length > 0) throw LmsError.ofProblems('INPUT_INVALID', `${place} is refused`, problems);
  if (days.length === 0) throw new LmsError('INPUT_INVALID', { message: `${place} has no days`, path: place });
  return days;
}

function listedHolidays(text: string): { readonly days: readonly NamedDay[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const days: NamedDay[] = [];
  for (const [at, line] of text.split(/\r\n|\n|\r/).entries()) {
    const [, date, rest = ''] = /^\s*"?(\d{4}-\d{2}-\d{2})"?(?:[\s,;]+(.*))?$/.exec(line) ?? [];
    if (date !== undefined) days.push({ date, name: unquoted(rest.trim()) });
    else if (line.trim() !== '' && !(at === 0 && isHeading(line))) problems.push(wrongLine(at + 1));
  }
  return { days, problems };
}

/** The calendar with these holidays besides its own; a day that both have gets the name of the file. */
export function withHolidays(definition: CalendarDefinition, holidays: Holidays): CalendarDefinition {
  const days = new Map([...(definition.holidays ?? []), ...holidays].map((day) => [day.date, day]));
  return { ...definition, holidays: [...days.values()] };
}

/** A day that is spelt wrongly is none. */
function isHeading(line: string): boolean {
  return !/\p{Nd}/u.test(line);
}

function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}

function wrongLine(line: number): Problem {
  return {
    path: `line ${line}`,
    rule: 'date',
    message: 'expected a day and its name, such as 2026-01-26,Republic Day',
  };
}
