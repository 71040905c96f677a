import type { ActorRef, Instant, LocalDate, WorkingDay, WorkingHours } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';

/** A day on which nothing opens. */
export interface Holiday {
  readonly date: LocalDate;
  readonly name: string;
}

/** A day with hours of its own, whatever the weekday and the holidays: a half day, a working Sunday. */
export interface SpecialDay {
  readonly date: LocalDate;
  readonly name: string;
  /** Empty when nothing opens. */
  readonly hours: WorkingDay;
}

/** When people work. */
export interface CalendarBody {
  readonly name: string;
  /** IANA zone. */
  readonly timeZone: string;
  readonly hours: WorkingHours;
  /** By date, each once. */
  readonly holidays: readonly Holiday[];
  /** By date, each once. */
  readonly specialDays: readonly SpecialDay[];
}

/** A version of a calendar. It never changes. */
export interface StoredCalendar {
  /** Of the calendar, the same in all its versions. */
  readonly id: string;
  readonly slug: string;
  /** Counts up from 1. */
  readonly version: number;
  readonly body: CalendarBody;
  readonly publishedAt: Instant;
  readonly publishedBy: ActorRef;
}

/** Lives in the ledger. Versions of a calendar have no gaps. */
export interface CalendarStore {
  /** MUST: of two callers at once with the same slug and version one inserts it; false for the other. */
  insert(unit: Unit, calendar: StoredCalendar): Promise<boolean>;
  get(unit: Unit | null, slug: string, version: number): Promise<StoredCalendar | null>;
  newest(unit: Unit | null, slug: string): Promise<StoredCalendar | null>;
  /** The newest version of each calendar, by slug. */
  list(query: { readonly after?: string; readonly limit: number }): Promise<readonly StoredCalendar[]>;
  /** Versions of one calendar, the newest first. */
  versions(
    slug: string,
    query: { readonly before?: number; readonly limit: number },
  ): Promise<readonly StoredCalendar[]>;
}
