import { LmsError, quoted, type WorkingCalendar } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';
import type { CalendarStore, StoredCalendar } from './calendar-store.js';
import { compiledCalendar } from './compiled-calendar.js';

/** A version of a calendar, ready to count with. */
export interface CountingCalendar {
  readonly slug: string;
  readonly version: number;
  readonly working: WorkingCalendar;
}

const mostKept = 64;

/** The calendars of a store as others count with them; what was made of a version is kept, because versions never change. */
export class WorkingCalendars {
  readonly #calendars: CalendarStore;
  readonly #kept = new Map<string, WorkingCalendar>();

  constructor(calendars: CalendarStore) {
    this.#calendars = calendars;
  }

  /** The newest version. @throws LmsError `CALENDAR_NOT_FOUND` */
  async newest(unit: Unit | null, slug: string): Promise<CountingCalendar> {
    const found = await this.#calendars.newest(unit, slug);
    if (found === null) throw calendarNotFound(slug);
    return this.counting(found);
  }

  counting({ id, slug, version, body }: StoredCalendar): CountingCalendar {
    const key = `${id} ${version}`;
    let working = this.#kept.get(key);
    if (working === undefined) {
      working = compiledCalendar(body);
      if (this.#kept.size >= mostKept) this.#kept.clear();
      this.#kept.set(key, working);
    }
    return { slug, version, working };
  }
}

export function calendarNotFound(slug: string, version?: number): LmsError {
  const which = version === undefined ? 'no calendar' : `no version ${version} of a calendar`;
  return new LmsError('CALENDAR_NOT_FOUND', {
    message: `there is ${which} ${quoted(slug)}; publish it first: lms calendars publish FILE`,
    path: 'calendar',
  });
}
