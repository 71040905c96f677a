import { type Clock, type DomainEvent, type Instant, LmsError, toInstant } from '../kernel/index.js';
import {
  type FailedTry,
  type Home,
  type Outbox,
  outboxLanes,
  type Turns,
  type WaitingEvent,
} from '../persistence/index.js';
import { failedTry, isOutage, mayBeTheStore } from './retry-plan.js';

export interface RelayPorts {
  readonly outbox: Outbox;
  readonly turns: Turns;
  /** Projects events of one home into the other, all in one unit. */
  readonly deliver: (from: Home, events: readonly DomainEvent[]) => Promise<void>;
  readonly clock: Clock;
}

export interface DrainOptions {
  /** Events a home at most; 10,000 when absent. */
  readonly limit?: number;
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
  /** Also lanes that another relay is at: for who must not go on before all that waits now is projected. */
  readonly busyLanesToo?: boolean;
}

/** What one round did. */
export interface DrainReport {
  readonly projected: number;
  /** Events that could not be projected; they are tried again later, or are stuck now. */
  readonly failed: number;
}

interface Round {
  readonly from: Home;
  readonly options: DrainOptions;
  /** Takes what is to be tried later too, and ends with the first event that cannot be projected. */
  readonly isCatchUp: boolean;
  left: number;
  projected: number;
  failed: number;
}

/** What became of events that were taken together. */
interface Batch {
  readonly from: Home;
  readonly done: string[];
  readonly failures: FailedTry[];
  /** Events one after the other whose failure may be the store's. */
  doubtsInARow: number;
}

const homes: readonly Home[] = ['documents', 'ledger'];
const batchSize = 500;
const defaultLimit = 10_000;
const endOfTime: Instant = toInstant(Date.UTC(9999, 11, 31));
/** While one lane waits for a server, another has work for this process and the other server. */
const lanesAtOnce = 3;
/** So many events in a row do not all happen to be wrong: the rest is left for a time when the store works. */
const mostDoubts = 8;

/**
 * Projects what crashed or failed commands left in the outboxes (where one database holds both homes: what a backup of two brought along).
 * Any number of relays may run, in any processes: each takes lanes that
 * no other is at, so they share the work, and the events of an aggregate are projected in order. Nothing rests on that: projections
 * are guarded by version and by event id, so an event that two relays project, or that its command projects too, has its effects once.
 *
 * An event that cannot be projected is set aside: tried again after 5 s, 10 s, 20 s... and after eight tries left as
 * stuck until {@link retryStuck}. The others of its batch go on without it. While a server is down nothing counts as a try.
 * Where nobody can tell whether the store or the event is wrong the event is set aside, but never left as stuck, and eight such
 * events in a row end the round.
 */
export class Relay {
  readonly #ports: RelayPorts;
  /** Where the next round begins, so that relays that start together do not all go for the same lane. */
  #firstLane = 0;

  constructor(ports: RelayPorts) {
    this.#ports = ports;
  }

  /**
   * One round over both homes; what ends it in one does not keep the other waiting.
   * @throws LmsError retryable when a server is down; what was projected stays so
   */
  async drain(options: DrainOptions = {}): Promise<DrainReport> {
    const report = { projected: 0, failed: 0 };
    const errors: unknown[] = [];
    for (const from of homes) {
      const left = options.limit ?? defaultLimit;
      const round: Round = { from, options, isCatchUp: false, left, projected: 0, failed: 0 };
      try {
        if ((await this.#ports.outbox.waiting(from, 1)).length > 0) await this.#drainHome(round);
      } catch (error) {
        errors.push(error);
      }
      report.projected += round.projected;
      report.failed += round.failed;
    }
    if (errors.length > 0) throw errors[0];
    return report;
  }

  /**
   * Projects all that waits in one home, however much it is, whoever else is at it, and also what is set aside: all that was committed
   * before the call is then projected.
   * @throws LmsError `READ_MODELS_BEHIND` when an event stays behind, stuck or not; retryable when a server is down
   */
  async catchUp(from: Home): Promise<void> {
    const { outbox } = this.#ports;
    if ((await outbox.waiting(from, 1)).length === 0) return;
    const left = Number.POSITIVE_INFINITY;
    const round: Round = { from, options: { busyLanesToo: true }, isCatchUp: true, left, projected: 0, failed: 0 };
    await this.#drainHome(round);
    const { stuck, lastError } = await outbox.backlog(from);
    if (round.failed + stuck === 0) return;
    throw new LmsError('READ_MODELS_BEHIND', {
      message: `${round.failed + stuck} events could not be told (${lastError}); mend the cause, then run lms tick --retry-stuck and try again`,
      details: { failed: round.failed, stuck, lastError },
    });
  }

  /** Gives stuck events, at most 1,000 a home, another eight tries. @returns how many */
  async retryStuck(): Promise<number> {
    let released = 0;
    for (const home of homes) released += await this.#ports.outbox.retryStuck(home, 1_000);
    return released;
  }

  async #drainHome(round: Round): Promise<void> {
    const { from, options } = round;
    const first = this.#firstLane;
    this.#firstLane = (first + 3) % outboxLanes;
    const lanes = Array.from({ length: outboxLanes }, (_, offset) => (first + offset) % outboxLanes);
    const worker = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
        if (round.left === 0 || options.signal?.aborted === true) return;
        const mine = lane;
        const drained = await this.#ports.turns.alone(`relay-${from}-${mine}`, () => this.#drainLane(round, mine));
        if (!drained && options.busyLanesToo === true) await this.#drainLane(round, mine);
      }
    };
    // What one lane might take of a small limit the others would have to leave.
    const atOnce = round.left < lanesAtOnce * batchSize ? 1 : lanesAtOnce;
    const workers = Array.from({ length: atOnce }, worker);
    await Promise.allSettled(workers);
    await Promise.all(workers);
  }

  async #drainLane(round: Round, lane: number): Promise<void> {
    const { outbox, clock } = this.#ports;
    while (round.left > 0 && round.options.signal?.aborted !== true) {
      const wanted = Math.min(round.left, batchSize);
      round.left -= wanted;
      const dueAt = round.isCatchUp ? endOfTime : toInstant(clock.now());
      const waiting = await outbox.due(round.from, lane, dueAt, wanted);
      round.left += wanted - waiting.length;
      if (waiting.length === 0) return;
      await this.#projectBatch(round, waiting);
      // What arrives meanwhile is delivered by its own command.
      if (waiting.length < wanted || (round.isCatchUp && round.failed > 0)) return;
    }
  }

  /** Events that failed before are tried alone, so that the others need not be halved for them. */
  async #projectBatch(round: Round, waiting: readonly WaitingEvent[]): Promise<void> {
    const { outbox } = this.#ports;
    const batch: Batch = { from: round.from, done: [], failures: [], doubtsInARow: 0 };
    const fresh = waiting.filter(({ attempts }) => attempts === 0);
    try {
      if (fresh.length > 0) await this.#project(batch, fresh);
      for (const one of waiting) if (one.attempts > 0) await this.#project(batch, [one]);
    } finally {
      await outbox.remove(round.from, batch.done);
      await outbox.postpone(round.from, batch.failures);
      round.projected += batch.done.length;
      round.failed += batch.failures.length;
    }
  }

  /** A batch that fails is halved until the events that cannot be projected stand alone. */
  async #project(batch: Batch, waiting: readonly WaitingEvent[]): Promise<void> {
    try {
      await this.#ports.deliver(
        batch.from,
        waiting.map(({ event }) => event),
      );
      batch.done.push(...waiting.map(({ event }) => event.id));
      batch.doubtsInARow = 0;
    } catch (error) {
      if (isOutage(error)) throw error;
      const [first] = waiting;
      if (first === undefined) return;
      if (waiting.length === 1) {
        batch.failures.push(failedTry(first, error, this.#ports.clock.now()));
        batch.doubtsInARow = mayBeTheStore(error) ? batch.doubtsInARow + 1 : 0;
        if (batch.doubtsInARow === mostDoubts) throw error;
        return;
      }
      const middle = Math.ceil(waiting.length / 2);
      await this.#project(batch, waiting.slice(0, middle));
      await this.#project(batch, waiting.slice(middle));
    }
  }
}
