import type { WorkingCalendars } from '../../calendars/index.js';
import { type Actor, actorRef, type Clock, type IdSource, type Instant, toInstant } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';
import { requireJson } from '../require-json.js';
import { dueBy } from './timer-moment.js';
import type { NewTimer, TimerEvent, TimerStore, WorkingSpan } from './timer-store.js';

/** When a timer is due: at an instant, or after so much working time by the newest version of a calendar. */
export type TimerMoment = { readonly dueAt: Instant } | { readonly working: Omit<WorkingSpan, 'version'> };

/** A timer to be set. */
export type TimerDraft = TimerMoment & {
  /** Names it, such as `sla:LEAD-ID`; at most 200 characters. Setting it again moves it. */
  readonly key: string;
  /** Of this setting, unlike any other's; a new one when absent. */
  readonly id?: string;
  readonly event: TimerEvent;
  /** In whose name it fires. */
  readonly actor: Actor;
  /** Ties the event to the request that set the timer; an id of its own when absent. */
  readonly correlationId?: string;
};

export interface TimersPorts {
  readonly timers: TimerStore;
  readonly counting: WorkingCalendars;
  readonly clock: Clock;
  readonly ids: IdSource;
}

const mostDataCharacters = 8_000;

/**
 * Sets and cancels timers in a unit of the ledger of the command that wants it so: both are there or neither. What happens in the home of
 * the documents sets its timers from a projection or a step.
 */
export class Timers {
  readonly #ports: TimersPorts;

  constructor(ports: TimersPorts) {
    this.#ports = ports;
  }

  /**
   * Sets timers, replacing those with the same keys. A timer that fires at the same moment has fired, and is set once more; or it is
   * replaced, and only the new one fires.
   * @throws LmsError `LIMIT_EXCEEDED` for data of more than 8,000 characters of JSON, and for working time that ends in more than twenty years;
   * `DATE_INVALID` for working time that ends after 2200; `CALENDAR_NOT_FOUND`; `CALENDAR_INVALID` where this machine does not know its zone
   */
  async set(unit: Unit, drafts: readonly TimerDraft[]): Promise<void> {
    const newest = new Map(drafts.map((draft) => [draft.key, draft]));
    const timers: NewTimer[] = [];
    for (const draft of newest.values())
      timers.push({ ...this.#timerOf(draft), ...(await this.#momentOf(unit, draft)) });
    await this.#ports.timers.set(unit, timers);
  }

  /** @returns the keys whose timers were still to fire, and now never will; the others have fired or never were */
  cancel(unit: Unit, keys: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#ports.timers.cancel(unit, keys);
  }

  #timerOf(draft: TimerDraft): Omit<NewTimer, 'dueAt' | 'working'> {
    const { clock, ids } = this.#ports;
    const { key, event, actor, correlationId, id = ids.next<'timer'>() } = draft;
    requireJson(event.data, { what: 'the data of a timer', most: mostDataCharacters, path: 'data' });
    const via = actor.kind === 'system' ? null : (actor.via ?? null);
    const setAt = toInstant(clock.now());
    return { key, id, event, actor: actorRef(actor), via, correlationId: correlationId ?? id, setAt };
  }

  async #momentOf(unit: Unit, moment: TimerMoment): Promise<Pick<NewTimer, 'dueAt' | 'working'>> {
    if ('dueAt' in moment) return { dueAt: moment.dueAt, working: null };
    const by = await this.#ports.counting.newest(unit, moment.working.calendar);
    return { dueAt: dueBy(by, moment.working), working: { ...moment.working, version: by.version } };
  }
}
