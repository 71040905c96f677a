import { LmsError } from '@lms/core/kernel';
import { readCalendarFile } from '../input/calendar-file.js';
import { parseDay } from '../input/day.js';
import { readHolidayFile, withHolidays } from '../input/holiday-file.js';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';
import { calendarDefinition, calendarLines, calendarText, workingTimeText } from '../views/calendar-view.js';
import { nextPage } from './lead-list.js';

export interface CalendarListOptions {
  readonly limit: number;
  readonly cursor?: string;
}

export interface CalendarShowOptions {
  readonly at?: number;
  readonly definition?: true;
}

export interface CalendarPublishOptions {
  readonly replaces?: number;
  readonly holidays?: string;
}

export interface CalendarVersionOptions {
  readonly limit: number;
  readonly before?: number;
}

export interface CalendarCheckOptions {
  readonly calendar?: string;
  readonly from?: string;
  readonly after?: string;
  readonly to?: string;
}

export async function listCalendars(session: Session, { limit, cursor }: CalendarListOptions): Promise<void> {
  const { me, output, format } = session;
  const { calendars, next } = await me.calendars.list({ limit, ...(cursor === undefined ? {} : { after: cursor }) });
  output.answer({ items: calendars, nextCursor: next }, () =>
    calendars.length === 0
      ? ''
      : table(
          calendars,
          [
            { heading: 'Calendar', cell: ({ slug }) => slug, minimum: 8 },
            { heading: 'Name', cell: ({ name }) => printable(name), minimum: 8 },
            { heading: 'Zone', cell: ({ timeZone }) => timeZone, importance: 2 },
            { heading: 'Holidays', cell: ({ holidays }) => String(holidays.length), align: 'right', importance: 2 },
            { heading: 'Version', cell: ({ version }) => String(version), align: 'right' },
            { heading: 'Published', cell: ({ publishedAt }) => format.time(publishedAt), importance: 1 },
            { heading: 'By', cell: ({ publishedBy }) => publishedBy, minimum: 6, importance: 1 },
          ],
          output,
        ),
  );
  if (calendars.length === 0) output.say('No calendar is published. To add one: lms calendars publish FILE');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function showCalendar(session: Session, slug: string, options: CalendarShowOptions): Promise<void> {
  const { me, output } = session;
  const calendar = await me.calendars.get(slug, options.at);
  if (options.definition === true) {
    output.answer(calendarDefinition(calendar), () => calendarText(calendar).trimEnd());
    return;
  }
  output.answer(calendar, () => calendarLines(calendar, session).join('\n'));
}

export async function listCalendarVersions(
  { me, output, format }: Session,
  slug: string,
  { limit, before }: CalendarVersionOptions,
): Promise<void> {
  const page = await me.calendars.versions(slug, { limit, ...(before === undefined ? {} : { before }) });
  output.answer({ items: page.versions, nextBefore: page.next }, () =>
    page.versions.length === 0
      ? ''
      : table(
          page.versions,
          [
            { heading: 'Version', cell: ({ version }) => String(version), align: 'right' },
            { heading: 'Name', cell: ({ name }) => printable(name), minimum: 8 },
            { heading: 'Published', cell: ({ publishedAt }) => format.time(publishedAt) },
            { heading: 'By', cell: ({ publishedBy }) => publishedBy, minimum: 6 },
          ],
          output,
        ),
  );
  if (page.versions.length === 0) output.say('No such calendar is published.');
  if (page.next !== null) output.say(`Older ones: --before ${page.next}`);
}

export async function publishCalendar(
  { me, output }: Session,
  file: string,
  { replaces, holidays }: CalendarPublishOptions,
): Promise<void> {
  const read = await readCalendarFile(file);
  const definition = holidays === undefined ? read : withHolidays(read, await readHolidayFile(holidays));
  const [before] = (await me.calendars.versions(definition.slug, { limit: 1 })).versions;
  const published = await me.calendars.publish(definition, replaces === undefined ? {} : { expectedVersion: replaces });
  output.answer(published, () => {
    const name = `${output.style.bold(published.slug)} version ${published.version}`;
    return published.version === before?.version
      ? `${name} already reads so; nothing is published`
      : `${name}; timers that wait on it are counted anew`;
  });
}

/** @throws LmsError `USAGE_INVALID` unless one of `--after` and `--to` is given */
export async function checkCalendar(session: Session, options: CalendarCheckOptions): Promise<void> {
  const { me, output, format, timeZone } = session;
  const { calendar, from, after, to } = options;
  const instant = (text: string, flag: string) => parseDay(text, { flag, edge: 'from', timeZone });
  const common = {
    ...(calendar === undefined ? {} : { calendar }),
    ...(from === undefined ? {} : { from: instant(from, '--from') }),
  };
  if (after !== undefined && to === undefined) {
    const due = await me.calendars.due({ ...common, afterWorking: after });
    output.answer(due, () => `${format.time(due.dueAt)}  ${after} of working time after ${format.time(due.from)}`);
    return;
  }
  if (after === undefined && to !== undefined) {
    const counted = await me.calendars.between({ ...common, to: instant(to, '--to') });
    output.answer(
      counted,
      () =>
        `${workingTimeText(counted.workingMillis)}  from ${format.time(counted.from)} to ${format.time(counted.to)}`,
    );
    return;
  }
  throw new LmsError('USAGE_INVALID', { message: 'Say either --after DURATION or --to TIME', path: '--after' });
}
