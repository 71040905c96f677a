import type { ActorRef, ActorVia, Instant, Json } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';

/** What happens when a timer is due: the event that is recorded. */
export interface TimerEvent {
  /** `noun.past_tense` */
  readonly type: string;
  readonly aggregate: { readonly kind: string; readonly id: string; readonly version: number };
  /** Ids and settings, never personal data. */
  readonly data: Json;
}

/** Working time after which a timer is due, and the version of the calendar that gave its moment. */
export interface WorkingSpan {
  /** Slug. */
  readonly calendar: string;
  readonly version: number;
  readonly from: Instant;
  readonly millis: number;
}

/** A timer as it is set. */
export interface NewTimer {
  /** Names it: setting a timer replaces the one with the same key. */
  readonly key: string;
  /** New with each setting, so that nobody takes one setting for another. */
  readonly id: string;
  readonly dueAt: Instant;
  /** Null when it is due at an instant. */
  readonly working: WorkingSpan | null;
  readonly event: TimerEvent;
  /** In whose name it fires. */
  readonly actor: ActorRef;
  readonly via: ActorVia | null;
  readonly correlationId: string;
  readonly setAt: Instant;
}

export interface StoredTimer extends NewTimer {
  /** When it is to fire: `dueAt`, or after a try that failed the time of the next one. */
  readonly fireAt: Instant;
  /** Tries that failed because of the timer itself. */
  readonly attempts: number;
  /** Code of the error with which it last failed; never its message. */
  readonly lastError: string | null;
  /** It failed too often: it fires no more by itself. */
  readonly stuck: boolean;
}

/** One setting of a timer. */
export interface TimerRef {
  readonly key: string;
  readonly id: string;
}

/** When a timer that could not fire is to fire, or that it is stuck. */
export interface TimerTry extends TimerRef {
  readonly fireAt: Instant;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly stuck: boolean;
}

/** When a timer is due by another version of its calendar. */
export interface TimerMove extends TimerRef {
  /** As they were when the move was decided. */
  readonly before: { readonly version: number; readonly attempts: number };
  readonly version: number;
  readonly dueAt: Instant;
  readonly fireAt: Instant;
}

/** A calendar on which timers wait. */
export interface WaitedCalendar {
  /** Slug. */
  readonly calendar: string;
  /** The oldest version that gave the moment of one. */
  readonly oldestVersion: number;
}

export interface TimerQuery {
  readonly stuck?: boolean;
  /** The last key of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface TimerCounts {
  /** Due and not fired yet, the stuck ones left out. */
  readonly due: number;
  readonly stuck: number;
  /** Of those that are due, the earliest `fireAt`. */
  readonly oldestFireAt: Instant | null;
}

/**
 * Lives in the ledger. A timer is a row until it fires; whoever fires it takes the row away in the unit that records its event, so that
 * both happen or neither.
 *
 * MUST: of any units that take, replace or cancel the same setting of a timer at once, one does; the others find it gone or replaced.
 */
export interface TimerStore {
  /** Sets timers, each with a key of its own; what had a key is replaced, with its failures. */
  set(unit: Unit, timers: readonly NewTimer[]): Promise<void>;
  /** @returns the keys that still had a timer, stuck or not; those timers are gone with the unit */
  cancel(unit: Unit, keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** True when a timer is due. A glance for whoever would otherwise open a unit for nothing. */
  anyDue(now: Instant): Promise<boolean>;
  /**
   * Removes due timers, those that are due longest first, at most `limit` (1 to 500). Those that another unit is at are passed over, not
   * waited for.
   */
  takeDue(unit: Unit, now: Instant, limit: number): Promise<readonly StoredTimer[]>;
  /** Removes these timers as far as they are still set so, due or not; at most 500. */
  take(unit: Unit, timers: readonly TimerRef[]): Promise<readonly StoredTimer[]>;
  /** Remembers what became of tries, of timers that are still set so; others are ignored. */
  reschedule(unit: Unit, tries: readonly TimerTry[]): Promise<void>;
  /**
   * The calendar on which timers wait, stuck or not, that comes next after `after` by slug; null when there is none. A glance, however
   * many timers wait.
   */
  nextCalendar(after: string): Promise<WaitedCalendar | null>;
  /** Timers whose moment comes from a version of the calendar before `version`, stuck or not, at most `limit` (1 to 500). */
  countedBefore(calendar: string, version: number, limit: number): Promise<readonly StoredTimer[]>;
  /** How many {@link countedBefore} would give without a limit. */
  countBefore(calendar: string, version: number): Promise<number>;
  /** MUST: moves those that are set, counted and tried as they were then; the others are left. @returns how many it moved */
  move(unit: Unit, moves: readonly TimerMove[]): Promise<number>;
  /** One timer, locked for this unit where the engine locks rows. */
  get(unit: Unit | null, key: string): Promise<StoredTimer | null>;
  /** By key. */
  list(query: TimerQuery): Promise<readonly StoredTimer[]>;
  counts(now: Instant): Promise<TimerCounts>;
}
