import { hasCode, LmsError, quoted, type WorkingCalendar } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';
import type { CalendarBody, CalendarStore, StoredCalendar } from './calendar-store.js';
import { compiledCalendar } from './compiled-calendar.js';

/** A version of a calendar, ready to count with. */
export interface CountingCalendar {
  readonly slug: string;
  readonly version: number;
  /** Made when it is first asked for. @throws LmsError `CALENDAR_INVALID` where this machine does not know the zone */
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

  counting(calendar: StoredCalendar): CountingCalendar {
    const compiled = (): WorkingCalendar => this.#compiled(calendar);
    return {
      slug: calendar.slug,
      version: calendar.version,
      get working() {
        return compiled();
      },
    };
  }

  #compiled({ id, slug, version, body }: StoredCalendar): WorkingCalendar {
    const key = `${id} ${version}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const working = compiledHere(slug, version, body);
    if (this.#kept.size >= mostKept) this.#kept.clear();
    this.#kept.set(key, working);
    return working;
  }
}

/** What another machine has published may name a zone that this one does not know. */
function compiledHere(slug: string, version: number, body: CalendarBody): WorkingCalendar {
  try {
    return compiledCalendar(body);
  } catch (cause) {
    if (!hasCode(cause, 'CALENDAR_INVALID') || !(cause instanceof Error)) throw cause;
    const message = `version ${version} of the calendar ${quoted(slug)} cannot be counted with here: ${cause.message}`;
    throw new LmsError('CALENDAR_INVALID', { message, path: 'calendar', cause });
  }
}

export function calendarNotFound(slug: string, version?: number): LmsError {
  const which = version === undefined ? 'no calendar' : `no version ${version} of a calendar`;
  return new LmsError('CALENDAR_NOT_FOUND', {
    message: `there is ${which} ${quoted(slug)}; publish it first: lms calendars publish FILE`,
    path: 'calendar',
  });
}
