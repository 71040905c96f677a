import type { CalendarStore } from '../../calendars/index.js';
import type { TimerStore, WaitedCalendar } from './timer-store.js';

interface TimersBehindPorts {
  readonly timers: Pick<TimerStore, 'nextCalendar' | 'countBefore'>;
  readonly calendars: Pick<CalendarStore, 'get' | 'newest'>;
}

/** Whether a timer waits that a version of its calendar before the newest has counted. */
export async function isBehind(
  calendars: Pick<CalendarStore, 'get'>,
  { calendar, oldestVersion }: WaitedCalendar,
): Promise<boolean> {
  // Versions have no gaps: where none follows this one, nothing is behind.
  return (await calendars.get(null, calendar, oldestVersion + 1)) !== null;
}

/** How many timers wait to be counted anew, as their calendar was published again since. */
export async function timersBehind({ timers, calendars }: TimersBehindPorts): Promise<number> {
  let behind = 0;
  for (let after = ''; ; ) {
    const waiting = await timers.nextCalendar(after);
    if (waiting === null) return behind;
    const { calendar } = waiting;
    const newest = (await isBehind(calendars, waiting)) ? await calendars.newest(null, calendar) : null;
    if (newest !== null) behind += await timers.countBefore(calendar, newest.version);
    after = calendar;
  }
}
