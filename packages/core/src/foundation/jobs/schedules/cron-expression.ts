import { type BusinessTime, dateOfDayNumber, datePartsOf, dayNumber, LmsError, quoted } from '../../kernel/index.js';

/** Times that come again, as cron writes them: minute, hour, day of the month, month, day of the week. */
export interface CronExpression {
  /**
   * The first time after an instant, on the wall of a zone; null when none comes in eight years. A time over which clocks go forward is as
   * much later as they went, one that they show twice comes once, the first time.
   */
  next(after: number, time: BusinessTime): number | null;
}

interface FieldForm {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Words for numbers, from `least` on. */
  readonly words?: readonly string[];
}

const forms = {
  minute: { name: 'minute', least: 0, most: 59 },
  hour: { name: 'hour', least: 0, most: 23 },
  day: { name: 'day of the month', least: 1, most: 31 },
  month: {
    name: 'month',
    least: 1,
    most: 12,
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  // 7 is Sunday, too.
  weekday: {
    name: 'day of the week',
    least: 0,
    most: 7,
    words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
} as const satisfies Readonly<Record<string, FieldForm>>;

const daysInAWeek = 7;
/** 1970-01-01 was a Thursday. */
const weekdayOfDayZero = 4;
/** Leap days are eight years apart at most. */
const daysSearched = 8 * 366;

/** @throws LmsError `CONFIG_INVALID` */
export function parseCron(text: string): CronExpression {
  const fields = text.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  const isWhole = minute !== undefined && hour !== undefined && day !== undefined && month !== undefined;
  if (!isWhole || weekday === undefined || fields.length > 5) {
    throw invalid(`${quoted(text)} is no cron expression; expected five fields, such as 0 2 * * *`);
  }
  const minutes = numbersOf(minute, forms.minute);
  const hours = numbersOf(hour, forms.hour);
  const days = new Set(numbersOf(day, forms.day));
  const months = new Set(numbersOf(month, forms.month));
  const weekdays = new Set(numbersOf(weekday, forms.weekday).map((each) => each % daysInAWeek));
  // Of a day of the month and a day of the week that are both said, either is enough.
  const isEither = !day.startsWith('*') && !weekday.startsWith('*');

  const isOn = (number: number): boolean => {
    const parts = datePartsOf(dateOfDayNumber(number));
    if (!months.has(parts.month)) return false;
    const byDay = days.has(parts.day);
    const byWeekday = weekdays.has((number + weekdayOfDayZero) % daysInAWeek);
    return isEither ? byDay || byWeekday : byDay && byWeekday;
  };

  return {
    next(after, time) {
      // Clocks that go back bring the evening before once more.
      const first = dayNumber(time.localDate(after)) - 1;
      for (let number = first; number < first + daysSearched; number += 1) {
        if (!isOn(number)) continue;
        const date = dateOfDayNumber(number);
        let earliest: number | null = null;
        for (const wall of wallTimes(hours, minutes)) {
          const at = time.atLocal(date, wall);
          if (at > after && (earliest === null || at < earliest)) earliest = at;
        }
        if (earliest !== null) return earliest;
      }
      return null;
    },
  };
}

function* wallTimes(hours: readonly number[], minutes: readonly number[]): Generator<string> {
  for (const hour of hours) for (const minute of minutes) yield `${twoDigits(hour)}:${twoDigits(minute)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** Of a list such as `*`, `5`, `mon-fri`, `1-20/5` or `0,30`, ascending. */
function numbersOf(text: string, form: FieldForm): readonly number[] {
  const found = new Set(text.split(',').flatMap((part) => rangeOf(part, form)));
  return [...found].sort((left, right) => left - right);
}

function rangeOf(part: string, form: FieldForm): readonly number[] {
  const [, range = '', stepText] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
  const [from, to, more] = range === '*' ? [String(form.least), String(form.most)] : range.split('-');
  const first = numberOf(from, form);
  // `5/15` goes on to the end, as `5-59/15` does.
  const last = to === undefined ? (stepText === undefined ? first : form.most) : numberOf(to, form);
  const step = stepText === undefined ? 1 : Number(stepText);
  if (first === null || last === null || more !== undefined || first > last || step < 1) {
    throw invalid(`${quoted(part)} is no ${form.name} of a cron expression, which is ${form.least} to ${form.most}`);
  }
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => first + at * step);
}

function numberOf(text: string | undefined, { least, most, words = [] }: FieldForm): number | null {
  const word = words.indexOf(text?.toLowerCase() ?? '');
  if (word >= 0) return word + least;
  if (text === undefined || !/^\d{1,2}$/.test(text)) return null;
  const number = Number(text);
  return number >= least && number <= most ? number : null;
}

function invalid(message: string): LmsError {
  return new LmsError('CONFIG_INVALID', { message, path: 'jobs.schedules' });
}
