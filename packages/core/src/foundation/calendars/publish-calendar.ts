import { hash } from 'node:crypto';
import {
  type Actor,
  actorRef,
  type Clock,
  canonicalJson,
  type IdSource,
  LmsError,
  quoted,
  toInstant,
  type WorkingHours,
} from '../kernel/index.js';
import type { EventDraft, EventRecorder, Unit } from '../persistence/index.js';
import type { CalendarDefinition } from './calendar-input.js';
import type { CalendarBody, CalendarStore, StoredCalendar } from './calendar-store.js';

export interface PublishingPorts {
  readonly calendars: CalendarStore;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A calendar as it is to be. */
interface WantedCalendar {
  readonly actor: Actor;
  readonly slug: string;
  readonly body: CalendarBody;
  /** The version that must be the newest, 0 for none; null for whichever is. */
  readonly expectedVersion: number | null;
}

const attempts = 5;

/** The next version of a calendar, or the newest where that reads the same. @throws LmsError `CALENDAR_CONFLICT` */
export async function publishCalendar(
  ports: PublishingPorts,
  unit: Unit,
  wanted: WantedCalendar,
): Promise<StoredCalendar> {
  const { calendars, events, clock, ids } = ports;
  const { actor, slug, body, expectedVersion } = wanted;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const newest = await calendars.newest(unit, slug);
    if (newest !== null && spellingOf(newest.body) === spellingOf(body)) return newest;
    if (expectedVersion !== null && (newest?.version ?? 0) !== expectedVersion) throw conflict(slug, newest);
    const added: StoredCalendar = {
      id: newest?.id ?? ids.next<'calendar'>(),
      slug,
      version: (newest?.version ?? 0) + 1,
      body,
      publishedAt: toInstant(clock.now()),
      publishedBy: actorRef(actor),
    };
    if (await calendars.insert(unit, added)) {
      await events.record(unit, [calendarPublished(added, actor)]);
      return added;
    }
  }
  throw new LmsError('STORE_CONFLICT', { message: 'others publish the same calendar right now; try again' });
}

/** What a definition says, in one order, so that the same calendar is spelt the same. @param zone where it names none */
export function bodyOf(
  { name, timeZone, hours, holidays = [], specialDays = [] }: Omit<CalendarDefinition, 'slug'>,
  zone: string,
): CalendarBody {
  return {
    name,
    timeZone: timeZone ?? zone,
    hours: openDays(hours),
    holidays: byDate(holidays.map((day) => ({ date: day.date, name: day.name ?? '' }))),
    specialDays: byDate(specialDays.map((day) => ({ date: day.date, name: day.name ?? '', hours: day.hours }))),
  };
}

function openDays(hours: WorkingHours): WorkingHours {
  return Object.fromEntries(Object.entries(hours).filter(([, day]) => day.length > 0));
}

function byDate<Day extends { readonly date: string }>(days: readonly Day[]): readonly Day[] {
  return [...days].sort((one, other) => (one.date < other.date ? -1 : 1));
}

function spellingOf({ name, timeZone, hours, holidays, specialDays }: CalendarBody): string {
  return canonicalJson({
    name,
    timeZone,
    hours: Object.fromEntries(Object.entries(hours)),
    holidays: holidays.map((day) => ({ ...day })),
    specialDays: specialDays.map((day) => ({ ...day })),
  });
}

function conflict(slug: string, newest: StoredCalendar | null): LmsError {
  const version = newest?.version ?? 0;
  return new LmsError('CALENDAR_CONFLICT', {
    message:
      version === 0
        ? `there is no calendar ${quoted(slug)} yet`
        : `version ${version} of ${quoted(slug)} is the newest`,
    path: 'expectedVersion',
    details: { newestVersion: version },
  });
}

function calendarPublished({ id, slug, version, body }: StoredCalendar, actor: Actor): EventDraft {
  return {
    type: 'calendar.published',
    typeVersion: 1,
    aggregate: { kind: 'calendar', id, version },
    actor,
    command: 'calendars.publish',
    data: {
      slug,
      version,
      name: body.name,
      timeZone: body.timeZone,
      holidays: body.holidays.length,
      specialDays: body.specialDays.length,
      hash: hash('sha256', spellingOf(body), 'hex'),
    },
    sealed: null,
  };
}
