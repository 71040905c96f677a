import type { CalendarStore, CountingCalendar, WorkingCalendars } from '../../calendars/index.js';
import type { UnitOfWork } from '../../persistence/index.js';
import { isOutage } from '../retry-plan.js';
import { countedAnew } from './timer-moment.js';
import type { StoredTimer, TimerMove, TimerStore, WaitedCalendar } from './timer-store.js';
import { isBehind } from './timers-behind.js';

export interface TimerRecounterPorts {
  readonly timers: TimerStore;
  readonly calendars: CalendarStore;
  readonly counting: WorkingCalendars;
  readonly unitOfWork: UnitOfWork;
}

export interface RecountOptions {
  /** Timers at most; 10,000 when absent. */
  readonly limit?: number;
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
}

const batchSize = 500;
const defaultLimit = 10_000;

/**
 * Counts timers on working time anew after their calendar was published again. What is left to do is read from the timers themselves, so
 * that a round that is cut short goes on with the next, and several at once share the work: each timer moves once for a version.
 */
export class TimerRecounter {
  readonly #ports: TimerRecounterPorts;

  constructor(ports: TimerRecounterPorts) {
    this.#ports = ports;
  }

  /**
   * One round. What one calendar meets does not keep the others from being counted.
   * @returns how many timers are counted by the newest version of their calendar now and were not before
   * @throws LmsError what the first calendar met: `CALENDAR_INVALID` where this machine does not know its zone
   */
  async recount({ limit = defaultLimit, signal }: RecountOptions = {}): Promise<number> {
    const { timers } = this.#ports;
    const met: unknown[] = [];
    let moved = 0;
    for (let after = ''; moved < limit && signal?.aborted !== true; ) {
      const waiting = await timers.nextCalendar(after);
      if (waiting === null) break;
      try {
        moved += await this.#catchUp(waiting, limit - moved, signal);
      } catch (error) {
        if (isOutage(error)) throw error;
        met.push(error);
      }
      after = waiting.calendar;
    }
    if (met.length > 0) throw met[0];
    return moved;
  }

  async #catchUp(waiting: WaitedCalendar, limit: number, signal: AbortSignal | undefined): Promise<number> {
    const { calendars, counting } = this.#ports;
    if (!(await isBehind(calendars, waiting))) return 0;
    return this.#countBy(await counting.newest(null, waiting.calendar), limit, signal);
  }

  async #countBy(by: CountingCalendar, limit: number, signal: AbortSignal | undefined): Promise<number> {
    const { timers, unitOfWork } = this.#ports;
    let moved = 0;
    while (moved < limit && signal?.aborted !== true) {
      const old = await timers.countedBefore(by.slug, by.version, Math.min(batchSize, limit - moved));
      const moves = old.flatMap((timer) => moveOf(timer, by)).sort((one, other) => (one.key < other.key ? -1 : 1));
      if (moves.length === 0) break;
      const now = await unitOfWork.run('ledger', (unit) => timers.move(unit, moves));
      moved += now;
      // The others have changed meanwhile, which the next round sees.
      if (now === 0) break;
    }
    return moved;
  }
}

function moveOf(timer: StoredTimer, by: CountingCalendar): readonly TimerMove[] {
  const { key, id, attempts, working } = timer;
  if (working === null) return [];
  const { dueAt, fireAt } = countedAnew(timer, working, by);
  return [{ key, id, before: { version: working.version, attempts }, version: by.version, dueAt, fireAt }];
}
