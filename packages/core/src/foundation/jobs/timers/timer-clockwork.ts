import type { CountingCalendar, WorkingCalendars } from '../../calendars/index.js';
import { actorOf, type Clock, type Instant, toInstant } from '../../kernel/index.js';
import type { EventDraft, EventRecorder, Unit, UnitOfWork } from '../../persistence/index.js';
import { errorCode, isOutage, mayBeTheStore, nextTry } from '../retry-plan.js';
import { countedAnew } from './timer-moment.js';
import type { StoredTimer, TimerRef, TimerStore } from './timer-store.js';

export interface TimerClockworkPorts {
  readonly timers: TimerStore;
  readonly counting: WorkingCalendars;
  /** Delivers what follows from the events. */
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

export interface FireOptions {
  /** Timers at most; 10,000 when absent. */
  readonly limit?: number;
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
}

/** What one round did. */
export interface FireReport {
  readonly fired: number;
  /** Timers that could not fire; they are tried again later, or are stuck now. */
  readonly failed: number;
}

interface Round {
  fired: number;
  failed: number;
  /** Timers one after the other whose failure may be the store's. */
  doubtsInARow: number;
}

const batchSize = 500;
const defaultLimit = 10_000;
/** So many in a row do not all happen to be wrong: the rest is left for a time when the store works. */
const mostDoubts = 8;

/**
 * Fires timers. Firing is one unit that removes the timer and records its event, so that a timer fires once however many processes are
 * at it and whenever one of them is killed; they share the work. Timers that were due while nothing ran fire in the next round, those that
 * are due longest first.
 *
 * A timer on working time fires by the newest version of its calendar: one that is not due by it waits on, whatever was tried before.
 *
 * A timer whose event cannot be recorded is set aside as the relay does with events: tried again after 5 s, 10 s, 20 s... and stuck after
 * eight tries. The others of its batch fire without it. While a server is down nothing counts as a try.
 */
export class TimerClockwork {
  readonly #ports: TimerClockworkPorts;

  constructor(ports: TimerClockworkPorts) {
    this.#ports = ports;
  }

  /**
   * One round: fires what is due by the clock, in batches that share a commit.
   * @throws LmsError retryable when a server is down; what has fired stays so
   */
  async fireDue({ limit = defaultLimit, signal }: FireOptions = {}): Promise<FireReport> {
    const { timers, clock } = this.#ports;
    const round: Round = { fired: 0, failed: 0, doubtsInARow: 0 };
    for (let left = limit; left > 0 && signal?.aborted !== true; ) {
      if (!(await timers.anyDue(toInstant(clock.now())))) break;
      const wanted = Math.min(left, batchSize);
      const taken = await this.#fireBatch(round, wanted);
      left -= taken;
      // The others are in the hands of other processes.
      if (taken < wanted) break;
    }
    return { fired: round.fired, failed: round.failed };
  }

  /** @returns how many were taken, fired or not */
  async #fireBatch(round: Round, limit: number): Promise<number> {
    const { timers, clock } = this.#ports;
    let seen: readonly StoredTimer[] = [];
    try {
      round.fired += await this.#fire(async (unit) => {
        seen = [];
        seen = await timers.takeDue(unit, toInstant(clock.now()), limit);
        return seen;
      });
    } catch (error) {
      if (isOutage(error) || seen.length === 0) throw error;
      await this.#fireApart(round, seen);
    }
    return seen.length;
  }

  /** Fires timers that could not fire together, in halves, until those that cannot fire stand alone. */
  async #fireApart(round: Round, wanted: readonly StoredTimer[]): Promise<void> {
    try {
      round.fired += await this.#fire((unit) => this.#ports.timers.take(unit, wanted.map(refOf)));
      round.doubtsInARow = 0;
    } catch (error) {
      if (isOutage(error)) throw error;
      const [first] = wanted;
      if (first === undefined) return;
      if (wanted.length === 1) {
        await this.#setAside(first, error);
        round.failed += 1;
        round.doubtsInARow = mayBeTheStore(error) ? round.doubtsInARow + 1 : 0;
        if (round.doubtsInARow === mostDoubts) throw error;
        return;
      }
      const middle = Math.ceil(wanted.length / 2);
      await this.#fireApart(round, wanted.slice(0, middle));
      await this.#fireApart(round, wanted.slice(middle));
    }
  }

  /** One unit: the timers are gone, and their events are recorded. @returns how many fired */
  #fire(take: (unit: Unit) => Promise<readonly StoredTimer[]>): Promise<number> {
    const { unitOfWork, events } = this.#ports;
    return unitOfWork.run('ledger', async (unit) => {
      const taken = await take(unit);
      const due = taken.some(({ working }) => working !== null) ? await this.#stillDue(unit, taken) : taken;
      if (due.length > 0) await events.record(unit, due.map(eventOf));
      return due.length;
    });
  }

  /** Those that are due by the newest version of their calendars; the others are set for when they are. */
  async #stillDue(unit: Unit, taken: readonly StoredTimer[]): Promise<readonly StoredTimer[]> {
    const { timers, counting, clock } = this.#ports;
    const now: Instant = toInstant(clock.now());
    const calendars = new Map<string, CountingCalendar>();
    const due: StoredTimer[] = [];
    const early: StoredTimer[] = [];
    for (const timer of taken) {
      const { working } = timer;
      if (working === null) {
        due.push(timer);
        continue;
      }
      const by = calendars.get(working.calendar) ?? (await counting.newest(unit, working.calendar));
      calendars.set(working.calendar, by);
      const counted = working.version === by.version ? timer : countedAnew(timer, working, by);
      (counted.dueAt <= now ? due : early).push(counted);
    }
    if (early.length > 0) await timers.set(unit, early);
    return due;
  }

  async #setAside(timer: StoredTimer, error: unknown): Promise<void> {
    const { timers, unitOfWork, clock } = this.#ports;
    const { attempts, dueAt } = nextTry(timer.attempts, error, clock.now());
    const failed = { ...refOf(timer), attempts, lastError: errorCode(error) };
    await unitOfWork.run('ledger', (unit) =>
      timers.reschedule(unit, [{ ...failed, fireAt: dueAt ?? timer.fireAt, stuck: dueAt === null }]),
    );
  }
}

function refOf({ key, id }: StoredTimer): TimerRef {
  return { key, id };
}

function eventOf(timer: StoredTimer): EventDraft {
  return {
    type: timer.event.type,
    typeVersion: 1,
    aggregate: timer.event.aggregate,
    actor: actorOf(timer),
    command: 'timers.fire',
    correlationId: timer.correlationId,
    data: timer.event.data,
    sealed: null,
  };
}
