import type { DomainEvent, Instant } from '../kernel/index.js';
import type { Home, Unit } from './unit-of-work.js';

/** An event that waits, and how often it was tried in vain. */
export interface WaitingEvent {
  readonly event: DomainEvent;
  /** Tries that failed because of the event itself; those that met a server that is down are not counted. */
  readonly attempts: number;
}

/** What became of a try that failed because of the event itself. */
export interface FailedTry {
  readonly id: string;
  /** Tries so far, this one too. */
  readonly attempts: number;
  /** Code of the error; never its message, which may quote what a person typed. */
  readonly error: string;
  /** When it is tried next; null leaves it as stuck until somebody asks for another try. */
  readonly dueAt: Instant | null;
}

/** How far one home's events are behind. */
export interface Backlog {
  /** Events that are not projected yet, but for the stuck ones. */
  readonly waiting: number;
  /** Those of them that failed and wait for their next try. */
  readonly retrying: number;
  /** Events that were tried in vain too often. */
  readonly stuck: number;
  /** When the oldest that waits happened. */
  readonly oldestAt: Instant | null;
  /** Code of the error of the oldest event that failed, stuck or not. */
  readonly lastError: string | null;
}

/**
 * Events committed with their aggregate and not yet projected to the other home. One outbox a home, its rows in
 * {@link outboxLanes} lanes by aggregate, so that several relays can each take lanes of their own.
 */
export interface Outbox {
  append(unit: Unit, events: readonly DomainEvent[]): Promise<void>;
  /** The oldest events by id, at most `limit`, whatever became of earlier tries. */
  waiting(home: Home, limit: number): Promise<readonly DomainEvent[]>;
  /** The oldest events of a lane by id that may be tried at that moment, at most `limit`; not the stuck ones. */
  due(home: Home, lane: number, at: Instant, limit: number): Promise<readonly WaitingEvent[]>;
  /** Removes projected events; unknown ids are ignored, so two relays may race. */
  remove(home: Home, ids: readonly string[]): Promise<void>;
  /** Remembers failed tries; unknown ids are ignored. The events stay. */
  postpone(home: Home, failures: readonly FailedTry[]): Promise<void>;
  /** Makes stuck events, the oldest first and at most `limit`, due again as if never tried. @returns how many */
  retryStuck(home: Home, limit: number): Promise<number>;
  /** All rows. */
  count(home: Home): Promise<number>;
  backlog(home: Home): Promise<Backlog>;
}
