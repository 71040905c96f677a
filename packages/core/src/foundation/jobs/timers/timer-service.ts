import { z } from 'zod';
import type { AccessService } from '../../access/index.js';
import { calendarSlug, defaultCalendar, workingDuration, workingMillis } from '../../calendars/index.js';
import {
  type Actor,
  type ActorRef,
  type Clock,
  checkInput,
  type Instant,
  instantShape,
  type Json,
  LmsError,
  quoted,
  toInstant,
} from '../../kernel/index.js';
import type { EventDraft, EventRecorder, UnitOfWork } from '../../persistence/index.js';
import type { StoredTimer, TimerQuery, WorkingSpan } from './timer-store.js';
import { type TimerMoment, Timers, type TimersPorts } from './timers.js';

export interface TimerServicePorts extends TimersPorts {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly access: AccessService;
}

/** A timer that waits. */
export interface Timer {
  readonly key: string;
  /** Of this setting: what the trail calls it. */
  readonly id: string;
  readonly dueAt: Instant;
  /** Working time and the version of its calendar that gave `dueAt`; null for a timer that is due at an instant. */
  readonly working: WorkingSpan | null;
  /** `dueAt`, or after a try that failed the time of the next one. */
  readonly fireAt: Instant;
  /** Type of the event that it becomes. */
  readonly eventType: string;
  readonly aggregate: { readonly kind: string; readonly id: string; readonly version: number };
  readonly data: Json;
  readonly attempts: number;
  /** Code of the error with which it last failed. */
  readonly lastError: string | null;
  /** It failed too often: it fires no more until it is retried. */
  readonly stuck: boolean;
  /** In whose name it fires. */
  readonly actor: ActorRef;
  readonly setAt: Instant;
  readonly correlationId: string;
}

/** A timer that is due after so much working time. */
export interface WorkingMoment {
  /** Working time such as `90s`, `15m` or `2h`. */
  readonly afterWorking: string;
  /** Slug; `default` when absent. */
  readonly calendar?: string;
  /** Since when it counts; now when absent. */
  readonly from?: Instant;
}

/** A timer of the embedder's own: due at an instant, or after so much working time. */
export type OwnTimerDraft = ({ readonly dueAt: Instant } | WorkingMoment) & {
  /** Letters, digits, `.`, `_`, `/` and `-`, at most 200: keys with a colon are those of LMS itself. Setting it again moves it. */
  readonly key: string;
  /** Told with the event; ids and settings, never personal data; at most 8,000 characters of JSON. Null when absent. */
  readonly data?: Json;
};

export interface TimerListQuery {
  /** Only those that are stuck, or only those that are not. */
  readonly stuck?: boolean;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 500; 50 when absent. */
  readonly limit?: number;
}

/** Timers, by key. */
export interface TimerPage {
  readonly timers: readonly Timer[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

const defaultLimit = 50;
const settled = {
  key: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, { error: 'expected a key such as recall/case-17' }),
  data: z.json().exactOptional(),
};
const atInstant: z.ZodType<OwnTimerDraft> = z.strictObject({ ...settled, dueAt: instantShape });
const onWorkingTime: z.ZodType<OwnTimerDraft> = z.strictObject({
  ...settled,
  afterWorking: workingDuration,
  calendar: calendarSlug.exactOptional(),
  from: instantShape.exactOptional(),
});
const queryShape: z.ZodType<TimerListQuery> = z.strictObject({
  stuck: z.boolean().exactOptional(),
  after: z.string().min(1).max(255).exactOptional(),
  limit: z.int().min(1).max(500).exactOptional(),
});

/** Sets timers of the embedder's own, and looks after all timers. */
export class TimerService {
  readonly #ports: TimerServicePorts;
  readonly #timers: Timers;

  constructor(ports: TimerServicePorts) {
    this.#ports = ports;
    this.#timers = new Timers(ports);
  }

  /**
   * Sets a timer. Once it is due, it becomes the event `timer.fired` with `{ key, dueAt, data }`, or on working time with
   * `{ key, calendar, from, afterWorking, data }`, in the name of the actor; the trail tells of it. One with the same key is replaced. One on
   * working time is due by the newest version of its calendar, also where that is published later. Needs `jobs.manage`.
   * @throws LmsError `CALENDAR_NOT_FOUND`, `INPUT_INVALID`, `LIMIT_EXCEEDED`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async set(actor: Actor, draft: OwnTimerDraft): Promise<Timer> {
    const { access, unitOfWork, timers, clock, ids } = this.#ports;
    await access.require(actor, 'jobs.manage');
    const shape = Object(draft) === draft && 'afterWorking' in draft ? onWorkingTime : atInstant;
    const { key, data = null, ...moment } = checkInput(shape, draft, 'the timer cannot be set');
    const { told, due } = momentOf(moment, clock);
    const id = ids.next<'timer'>();
    const event = { type: 'timer.fired', aggregate: { kind: 'timer', id, version: 1 }, data: { key, ...told, data } };
    return unitOfWork.run('ledger', async (unit) => {
      await this.#timers.set(unit, [{ key, id, ...due, event, actor }]);
      return timerShown(await stored(timers.get(unit, key), key));
    });
  }

  /** Needs `jobs.read`. @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async list(actor: Actor, query: TimerListQuery = {}): Promise<TimerPage> {
    await this.#ports.access.require(actor, 'jobs.read');
    const { limit = defaultLimit, ...checked } = checkInput(queryShape, query, 'timers cannot be listed');
    const wanted: TimerQuery = { ...checked, limit: limit + 1 };
    const found = await this.#ports.timers.list(wanted);
    const timers = found.slice(0, limit).map(timerShown);
    return { timers, next: found.length > limit ? (timers.at(-1)?.key ?? null) : null };
  }

  /** Needs `jobs.read`. @throws LmsError `TIMER_NOT_FOUND`, also once it has fired; `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async get(actor: Actor, key: string): Promise<Timer> {
    await this.#ports.access.require(actor, 'jobs.read');
    return timerShown(await stored(this.#ports.timers.get(null, key), key));
  }

  /**
   * Cancels a timer, whoever set it. True when it was still to fire, and now never will; the trail tells of it. False when it has fired or
   * never was. Needs `jobs.manage`. @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async cancel(actor: Actor, key: string): Promise<boolean> {
    const { access, unitOfWork, timers, events } = this.#ports;
    await access.require(actor, 'jobs.manage');
    return unitOfWork.run('ledger', async (unit) => {
      const timer = await timers.get(unit, key);
      if (timer === null || !(await this.#timers.cancel(unit, [key])).has(key)) return false;
      await events.record(unit, [timerEvent('timer.cancelled', actor, timer)]);
      return true;
    });
  }

  /**
   * Makes a timer that failed due again, with eight more tries; one that never failed is left as it is. Needs `jobs.manage`; the trail
   * tells of it. @throws LmsError `TIMER_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async retry(actor: Actor, key: string): Promise<Timer> {
    const { access, unitOfWork, timers, events } = this.#ports;
    await access.require(actor, 'jobs.manage');
    return unitOfWork.run('ledger', async (unit) => {
      const before = await stored(timers.get(unit, key), key);
      if (before.attempts === 0) return timerShown(before);
      const after: StoredTimer = { ...before, fireAt: before.dueAt, attempts: 0, stuck: false };
      await timers.reschedule(unit, [after]);
      await events.record(unit, [timerEvent('timer.retried', actor, before)]);
      return timerShown(after);
    });
  }
}

/** What the event tells of the moment, and the moment itself. */
function momentOf(
  moment: { readonly dueAt: Instant } | WorkingMoment,
  clock: Clock,
): { readonly told: Readonly<Record<string, string>>; readonly due: TimerMoment } {
  if ('dueAt' in moment) return { told: { dueAt: moment.dueAt }, due: { dueAt: moment.dueAt } };
  const { afterWorking, calendar = defaultCalendar, from = toInstant(clock.now()) } = moment;
  const millis = workingMillis(afterWorking);
  return { told: { calendar, from, afterWorking }, due: { working: { calendar, from, millis } } };
}

async function stored(found: Promise<StoredTimer | null>, key: string): Promise<StoredTimer> {
  const timer = await found;
  if (timer !== null) return timer;
  throw new LmsError('TIMER_NOT_FOUND', { message: `there is no timer ${quoted(key)}, or it has fired` });
}

function timerShown({ via: _via, event, ...timer }: StoredTimer): Timer {
  return { ...timer, eventType: event.type, aggregate: event.aggregate, data: event.data };
}

function timerEvent(type: 'timer.cancelled' | 'timer.retried', actor: Actor, timer: StoredTimer): EventDraft {
  const { key, dueAt, lastError, event } = timer;
  return {
    type,
    typeVersion: 1,
    aggregate: { kind: 'timer', id: timer.id, version: 1 },
    actor,
    command: type === 'timer.cancelled' ? 'timers.cancel' : 'timers.retry',
    correlationId: timer.correlationId,
    data: { key, dueAt, lastError, eventType: event.type },
    sealed: null,
  };
}
