import type { CalendarDefinition, Lms } from '../../src/index.js';
import { root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject } from './operation.js';
import type { RawState } from './raw-state.js';

/** Far off, so that no timer of a point is due. */
const from = '2150-01-05T04:00:00.000Z';

function calendarOf({ serial }: PreparedSubject, opens: string): CalendarDefinition {
  const day = [[opens, '18:30']] as const;
  const hours = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
  return { slug: `point-${serial}`, name: 'Office', timeZone: 'Asia/Kolkata', hours };
}

async function publish(lms: Lms, subject: PreparedSubject, opens: string): Promise<void> {
  await lms.as(root).calendars.publish(calendarOf(subject, opens));
}

async function setTimer(lms: Lms, subject: PreparedSubject): Promise<void> {
  const { slug } = calendarOf(subject, '09:30');
  await lms.as(root).timers.set({ key: subject.tag, afterWorking: '2h', calendar: slug, from });
}

/** How the timer of a point waits. */
function waits({ timers }: RawState, { tag }: PreparedSubject): string {
  const own = timers.filter(({ timerKey }) => timerKey === tag);
  return own.map(({ calendarVersion, dueAt }) => `${calendarVersion} ${dueAt}`).join();
}

function versionsOf({ calendars }: RawState, subject: PreparedSubject): string {
  const { slug } = calendarOf(subject, '09:30');
  const own = calendars.filter((calendar) => calendar.slug === slug).map(({ version }) => version);
  return own.sort((one, other) => one - other).join();
}

/** Calendars, and the timers that wait on their working time. */
export const calendarOperations: readonly CrashOperation[] = [
  {
    name: 'publish a calendar',
    async prepare({ lms }, subject) {
      await publish(lms, subject, '09:30');
      return [];
    },
    run: (lms, subject) => publish(lms, subject, '10:30'),
    signs: (state, subject) => ({ 'the version, once': versionsOf(state, subject) === '1,2' }),
  },
  {
    name: 'set a timer on working time',
    async prepare({ lms }, subject) {
      await publish(lms, subject, '09:30');
      return [];
    },
    run: (lms, subject) => setTimer(lms, subject),
    signs: (state, subject) => ({ 'the timer, once': waits(state, subject) === '1 2150-01-05T06:00:00.000Z' }),
  },
  {
    name: 'count timers anew',
    async prepare({ lms }, subject) {
      await publish(lms, subject, '09:30');
      await setTimer(lms, subject);
      await publish(lms, subject, '10:30');
      return [];
    },
    run: async (lms) => {
      await lms.tick();
    },
    signs: (state, subject) => ({ 'the timer, moved': waits(state, subject) === '2 2150-01-05T07:00:00.000Z' }),
    alone: true,
  },
];
