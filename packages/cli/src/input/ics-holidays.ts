import { addDays, daysBetween, isLocalDate, type LocalDate, type Problem } from '@lms/core/kernel';

export interface NamedDay {
  readonly date: string;
  readonly name: string;
}

/** A line of the file, with what was folded onto the lines behind it. */
interface Line {
  /** From 1. */
  readonly at: number;
  readonly text: string;
}

interface Property {
  readonly at: number;
  readonly value: string;
}

/** What an event says of its days. */
type EventProperties = Partial<
  Record<'DTSTART' | 'DTEND' | 'DURATION' | 'SUMMARY' | 'STATUS' | 'RRULE' | 'RDATE', Property>
>;

/** An event of a year would be no holiday. */
const mostDaysAnEvent = 31;
/** With what is folded onto it: a name may be long, a file that is none longer. */
const longestLine = 10_000;
/** Far more than a calendar takes. */
const mostDays = 5_000;
/** A file that is none has a problem in each line. */
const mostProblems = 20;

/** Whether this is the text of an iCalendar file. */
export function isIcs(text: string): boolean {
  return /^\s*BEGIN:VCALENDAR\b/i.test(text);
}

/**
 * The days of the whole-day events of an iCalendar file (RFC 5545), as public lists of holidays are. Events that are cancelled are passed
 * over; what is no whole day, or repeats by a rule, is a problem that names its line: a list has each day.
 */
export function icsHolidays(text: string): {
  readonly days: readonly NamedDay[];
  readonly problems: readonly Problem[];
} {
  const days: NamedDay[] = [];
  const problems: Problem[] = [];
  const components: { readonly name: string; readonly at: number; readonly properties: EventProperties }[] = [];
  for (const { at, text: line } of unfolded(text)) {
    if (problems.length >= mostProblems || days.length > mostDays) break;
    if (line.trim() === '') continue;
    const [, name = '', value = ''] =
      (line.length <= longestLine && /^([A-Za-z0-9-]+)(?=[;:])(?:[^:"]|"[^"]*")*:(.*)$/s.exec(line)) || [];
    const word = name.toUpperCase();
    if (word === '') {
      problems.push(problem(at, 'expected a line of an iCalendar file, such as SUMMARY:Republic Day'));
    } else if (word === 'BEGIN') {
      components.push({ name: value.trim().toUpperCase(), at, properties: {} });
    } else if (word === 'END') {
      const ended = components.pop();
      if (ended?.name !== value.trim().toUpperCase()) {
        problems.push(problem(at, 'ends what has not begun'));
        break;
      }
      if (ended.name === 'VEVENT') addDaysOf(ended, { days, problems });
    } else {
      const inside = components.at(-1);
      if (inside?.name === 'VEVENT') Object.assign(inside.properties, { [word]: { at, value: value.trim() } });
    }
  }
  const open = components.at(-1);
  if (open !== undefined && problems.length === 0 && days.length <= mostDays) {
    problems.push(problem(open.at, `begins ${open.name}, which has no end: the file is cut off`));
  }
  if (days.length > mostDays) problems.push(problem(1, `there are more than ${mostDays} days`));
  return { days, problems };
}

function addDaysOf(
  { at, properties }: { readonly at: number; readonly properties: EventProperties },
  found: { readonly days: NamedDay[]; readonly problems: Problem[] },
): void {
  const { DTSTART, RRULE, RDATE, STATUS, SUMMARY } = properties;
  if (STATUS?.value.toUpperCase() === 'CANCELLED') return;
  const repeats = RRULE ?? RDATE;
  if (repeats !== undefined) {
    found.problems.push(problem(repeats.at, 'the event repeats; expected an event for each day'));
    return;
  }
  const first = DTSTART === undefined ? null : dateOf(DTSTART.value);
  if (first === null) {
    found.problems.push(problem(DTSTART?.at ?? at, 'expected a whole day, such as DTSTART;VALUE=DATE:20260126'));
    return;
  }
  const length = lengthOf(first, properties);
  if ('wrong' in length) {
    found.problems.push(length.wrong);
    return;
  }
  const name = unescaped(SUMMARY?.value ?? '');
  for (let day = 0; day < length.days; day += 1) found.days.push({ date: addDays(first, day), name });
}

/** How many days an event has: its end is the day after its last. */
function lengthOf(
  first: LocalDate,
  { DTEND, DURATION }: EventProperties,
): { readonly days: number } | { readonly wrong: Problem } {
  const given = DTEND ?? DURATION;
  if (given === undefined) return { days: 1 };
  const end = DTEND === undefined ? null : dateOf(DTEND.value);
  const [, inDays, inWeeks] = (DTEND === undefined && /^P(?:(\d{1,3})D|(\d{1,2})W)$/.exec(given.value)) || [];
  const counted = inWeeks === undefined ? Number(inDays) : Number(inWeeks) * 7;
  // Some programs give the first day as the end of an event of one day.
  const days = end === null ? counted : daysBetween(first, end) || 1;
  if (days >= 1 && days <= mostDaysAnEvent) return { days };
  return {
    wrong: problem(given.at, `expected the day after the last, at most ${mostDaysAnEvent} days after the first`),
  };
}

/** Null for what is no whole day that exists. */
function dateOf(value: string): LocalDate | null {
  const text = value.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return isLocalDate(text) ? text : null;
}

/** A line that begins with a space or a tab goes on with the one before it. */
function* unfolded(text: string): Generator<Line> {
  let open: { readonly at: number; text: string } | null = null;
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (open !== null && /^[ \t]/.test(line)) {
      open.text += line.slice(1);
      continue;
    }
    if (open !== null) yield open;
    open = { at: at + 1, text: line };
  }
  if (open !== null) yield open;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([nN,;\\])/g, (_, escaped: string) => (/[nN]/.test(escaped) ? ' ' : escaped));
}

function problem(at: number, message: string): Problem {
  return { path: `line ${at}`, rule: 'ics', message };
}
