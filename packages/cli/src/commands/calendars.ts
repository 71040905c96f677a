import type { Command } from 'commander';
import type {
  CalendarCheckOptions,
  CalendarListOptions,
  CalendarPublishOptions,
  CalendarShowOptions,
  CalendarVersionOptions,
} from '../actions/calendars.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

const versionNumber = wholeNumber(1, 1_000_000);

export function addCalendarsCommands(program: Command, runner: Runner): void {
  const calendars = program
    .command('calendars')
    .description('when people work: hours, holidays, and what working time comes to');
  changeOptions(
    calendars.command('list').description('list the calendars, each by its newest version'),
    pageOptions({ most: 200, usual: 50 }),
  ).action((options: CalendarListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listCalendars } = await import('../actions/calendars.js');
      await listCalendars(session, options);
    }),
  );
  calendars
    .command('show')
    .description('show a calendar: its hours, holidays and special days')
    .argument('<calendar>', 'the calendar')
    .option('--at <version>', 'a former version', versionNumber)
    .option('--definition', 'as a file that can be edited and published')
    .action((slug: string, options: CalendarShowOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showCalendar } = await import('../actions/calendars.js');
        await showCalendar(session, slug, options);
      }),
    );
  calendars
    .command('versions')
    .description('list the versions of a calendar, the newest first')
    .argument('<calendar>', 'the calendar')
    .option('--limit <number>', 'how many', wholeNumber(1, 200), 50)
    .option('--before <version>', 'only those before this one', versionNumber)
    .action((slug: string, options: CalendarVersionOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listCalendarVersions } = await import('../actions/calendars.js');
        await listCalendarVersions(session, slug, options);
      }),
    );
  calendars
    .command('publish')
    .description('publish a calendar file: the next version, by which timers that wait are counted anew')
    .argument('<file>', 'the calendar in YAML or JSON; - reads standard input')
    .option('--holidays <file>', 'days to add: an iCalendar file, or one a line: 2026-01-26,Republic Day')
    .option('--replaces <version>', 'only if this is the newest version; 0 for none', wholeNumber(0, 1_000_000))
    .action((file: string, options: CalendarPublishOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { publishCalendar } = await import('../actions/calendars.js');
        await publishCalendar(session, file, options);
      }),
    );
  calendars
    .command('check')
    .description('say when working time is over, or how much lies between two times')
    .argument('[calendar]', 'the calendar; default when absent')
    .option('--from <time>', 'since when, such as 2026-01-31T09:30+05:30; now when absent')
    .option('--after <duration>', 'working time such as 90s, 15m or 2h')
    .option('--to <time>', 'until when')
    .action((calendar: string | undefined, options: CalendarCheckOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { checkCalendar } = await import('../actions/calendars.js');
        await checkCalendar(session, { ...options, ...(calendar === undefined ? {} : { calendar }) });
      }),
    );
}
