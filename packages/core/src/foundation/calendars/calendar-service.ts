import type { AccessService } from '../access/index.js';
import { type Actor, checkInput, durationMillis, type Instant, LmsError, quoted, toInstant } from '../kernel/index.js';
import type { UnitOfWork } from '../persistence/index.js';
import {
  type BetweenQuestion,
  betweenShape,
  type CalendarDefinition,
  type CalendarListQuery,
  type CalendarVersionQuery,
  calendarSlug,
  type DueQuestion,
  defaultCalendar,
  dueShape,
  listShape,
  type PublishCalendarOptions,
  publishOptionsShape,
  readCalendar,
  versionsShape,
} from './calendar-input.js';
import type { CalendarBody, StoredCalendar } from './calendar-store.js';
import { compiledCalendar } from './compiled-calendar.js';
import { bodyOf, type PublishingPorts, publishCalendar } from './publish-calendar.js';
import { type CountingCalendar, calendarNotFound, type WorkingCalendars } from './working-calendars.js';

export interface CalendarPorts extends PublishingPorts {
  readonly counting: WorkingCalendars;
  readonly access: AccessService;
  readonly unitOfWork: UnitOfWork;
  /** Zone of calendars that name none. */
  readonly timeZone: string;
}

/** A version of a calendar. */
export interface Calendar extends CalendarBody {
  /** Of the calendar, the same in all its versions: what the trail calls it. */
  readonly id: string;
  readonly slug: string;
  /** Counts up from 1. */
  readonly version: number;
  readonly publishedAt: Instant;
  readonly publishedBy: StoredCalendar['publishedBy'];
}

/** The newest version of each calendar, by slug. */
export interface CalendarPage {
  readonly calendars: readonly Calendar[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

/** Versions of one calendar, the newest first. */
export interface CalendarVersionPage {
  readonly versions: readonly Calendar[];
  /** Continues the list as `before`; null on the last page. */
  readonly next: number | null;
}

/** By which version it was counted. */
interface Counted {
  readonly calendar: string;
  readonly version: number;
  readonly from: Instant;
}

export interface DueAnswer extends Counted {
  readonly dueAt: Instant;
}

export interface BetweenAnswer extends Counted {
  readonly to: Instant;
  /** Negative when `to` is before `from`. */
  readonly workingMillis: number;
}

const defaultLimit = 50;

/** When people work: calendars as data, each published version of which never changes. */
export class CalendarService {
  readonly #ports: CalendarPorts;

  constructor(ports: CalendarPorts) {
    this.#ports = ports;
  }

  /**
   * Publishes a calendar as its next version; one that reads as the newest does already is not published again, and the newest is answered.
   * Timers that wait on its working time are counted anew by it. Of two callers at once who expect the same version one publishes; without
   * `expectedVersion` each does, one after the other. Needs `calendars.publish`; the trail tells of it.
   * @throws LmsError `CALENDAR_INVALID`, `CALENDAR_CONFLICT`, `INPUT_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async publish(actor: Actor, definition: CalendarDefinition, options: PublishCalendarOptions = {}): Promise<Calendar> {
    const { access, unitOfWork } = this.#ports;
    await access.require(actor, 'calendars.publish');
    const { slug, ...given } = readCalendar(definition);
    const { expectedVersion = null } = checkInput(publishOptionsShape, options, 'the calendar cannot be published');
    const body = bodyOf(given, this.#ports.timeZone);
    compiledCalendar(body);
    const published = await unitOfWork.run('ledger', (unit) =>
      publishCalendar(this.#ports, unit, { actor, slug, body, expectedVersion }),
    );
    return calendarShown(published);
  }

  /** The newest version, or the one that is named. Needs `calendars.read`. @throws LmsError `CALENDAR_NOT_FOUND`, `PERMISSION_DENIED` */
  async get(actor: Actor, slug: string, version?: number): Promise<Calendar> {
    const { access, calendars } = this.#ports;
    await access.require(actor, 'calendars.read');
    const name = checkInput(calendarSlug, slug, 'the calendar cannot be read');
    const found = await (version === undefined ? calendars.newest(null, name) : calendars.get(null, name, version));
    if (found === null) throw calendarNotFound(name, version);
    return calendarShown(found);
  }

  /** Needs `calendars.read`. @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED` */
  async list(actor: Actor, query: CalendarListQuery = {}): Promise<CalendarPage> {
    await this.#ports.access.require(actor, 'calendars.read');
    const { limit = defaultLimit, ...rest } = checkInput(listShape, query, 'calendars cannot be listed');
    const found = await this.#ports.calendars.list({ ...rest, limit: limit + 1 });
    const calendars = found.slice(0, limit).map(calendarShown);
    return { calendars, next: found.length > limit ? (calendars.at(-1)?.slug ?? null) : null };
  }

  /** Needs `calendars.read`; none for a slug that nobody published. @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED` */
  async versions(actor: Actor, slug: string, query: CalendarVersionQuery = {}): Promise<CalendarVersionPage> {
    await this.#ports.access.require(actor, 'calendars.read');
    const name = checkInput(calendarSlug, slug, 'the versions cannot be listed');
    const { limit = defaultLimit, ...rest } = checkInput(versionsShape, query, 'the versions cannot be listed');
    const found = await this.#ports.calendars.versions(name, { ...rest, limit: limit + 1 });
    const versions = found.slice(0, limit).map(calendarShown);
    return { versions, next: found.length > limit ? (versions.at(-1)?.version ?? null) : null };
  }

  /**
   * When so much working time will have passed. Needs `calendars.read`.
   * @throws LmsError `CALENDAR_NOT_FOUND`, `LIMIT_EXCEEDED` past twenty years and for more than 87,600 hours of working time, `DATE_INVALID`
   * outside the years 1899 to 2200, `CALENDAR_INVALID` where this machine does not know its zone, `INPUT_INVALID`, `PERMISSION_DENIED`
   */
  async due(actor: Actor, question: DueQuestion): Promise<DueAnswer> {
    const asked = checkInput(dueShape, question, 'working time cannot be added');
    const { counted, by } = await this.#count(actor, asked);
    const dueAt = by.working.addWorkingTime(Date.parse(counted.from), workingMillis(asked.afterWorking));
    return { ...counted, dueAt: toInstant(dueAt) };
  }

  /**
   * How much working time lies between two instants. Needs `calendars.read`.
   * @throws LmsError `CALENDAR_NOT_FOUND`, `LIMIT_EXCEEDED` for more than twenty years, `DATE_INVALID` outside the years 1899 to 2200,
   * `CALENDAR_INVALID` where this machine does not know its zone, `INPUT_INVALID`, `PERMISSION_DENIED`
   */
  async between(actor: Actor, question: BetweenQuestion): Promise<BetweenAnswer> {
    const asked = checkInput(betweenShape, question, 'working time cannot be counted');
    const { counted, by } = await this.#count(actor, asked);
    const passed = by.working.workingTimeBetween(Date.parse(counted.from), Date.parse(asked.to));
    return { ...counted, to: asked.to, workingMillis: passed };
  }

  async #count(
    actor: Actor,
    { calendar = defaultCalendar, from }: { readonly calendar?: string; readonly from?: Instant },
  ): Promise<{ readonly counted: Counted; readonly by: CountingCalendar }> {
    const { access, counting, clock } = this.#ports;
    await access.require(actor, 'calendars.read');
    const by = await counting.newest(null, calendar);
    return { counted: { calendar, version: by.version, from: from ?? toInstant(clock.now()) }, by };
  }
}

/** Milliseconds of what the shape let pass. */
export function workingMillis(duration: string): number {
  const millis = durationMillis(duration);
  if (millis !== null) return millis;
  throw new LmsError('LIMIT_EXCEEDED', { message: `${quoted(duration)} is more than ten years`, path: 'afterWorking' });
}

function calendarShown({ body, ...calendar }: StoredCalendar): Calendar {
  return { ...calendar, ...body };
}
