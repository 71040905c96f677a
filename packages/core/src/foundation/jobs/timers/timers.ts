import { type Actor, actorRef, type Clock, type IdSource, type Instant, toInstant } from '../../kernel/index.js';
import type { Unit } from '../../persistence/index.js';
import { requireJson } from '../require-json.js';
import type { TimerEvent, TimerStore } from './timer-store.js';

/** A timer to be set. */
export interface TimerDraft {
  /** Names it, such as `sla:LEAD-ID`; at most 200 characters. Setting it again moves it. */
  readonly key: string;
  /** Of this setting, unlike any other's; a new one when absent. */
  readonly id?: string;
  readonly dueAt: Instant;
  readonly event: TimerEvent;
  /** In whose name it fires. */
  readonly actor: Actor;
  /** Ties the event to the request that set the timer; an id of its own when absent. */
  readonly correlationId?: string;
}

export interface TimersPorts {
  readonly timers: TimerStore;
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
   * @throws LmsError `LIMIT_EXCEEDED` for data of more than 8,000 characters of JSON
   */
  async set(unit: Unit, drafts: readonly TimerDraft[]): Promise<void> {
    const { timers, clock, ids } = this.#ports;
    const setAt = toInstant(clock.now());
    const newest = new Map(drafts.map((draft) => [draft.key, draft]));
    await timers.set(
      unit,
      [...newest.values()].map(({ key, dueAt, event, actor, correlationId, id = ids.next<'timer'>() }) => {
        requireJson(event.data, { what: 'the data of a timer', most: mostDataCharacters, path: 'data' });
        const via = actor.kind === 'system' ? null : (actor.via ?? null);
        return { key, id, dueAt, event, actor: actorRef(actor), via, correlationId: correlationId ?? id, setAt };
      }),
    );
  }

  /** @returns the keys whose timers were still to fire, and now never will; the others have fired or never were */
  cancel(unit: Unit, keys: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#ports.timers.cancel(unit, keys);
  }
}
