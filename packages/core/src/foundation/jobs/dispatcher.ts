import { actorRef, type Clock, type DomainEvent, type IdSource, LmsError, toInstant } from '../kernel/index.js';
import type {
  Carried,
  EventDraft,
  EventRecorder,
  Home,
  Outbox,
  Projection,
  Unit,
  UnitOfWork,
  UnitOptions,
} from '../persistence/index.js';
import { Coalescer } from './coalescer.js';

export interface DispatcherPorts {
  readonly unitOfWork: UnitOfWork;
  readonly outbox: Outbox;
  readonly projections: readonly Projection[];
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** How far the facts lag behind, for health checks. */
export interface DispatcherHealth {
  /** Events that wait in an outbox, both homes together. */
  readonly waiting: number;
  /** Projections that failed since start; their events stay in the outbox. */
  readonly failures: number;
  readonly lastFailure: string | null;
}

interface Delivery {
  readonly events: readonly DomainEvent[];
  readonly carried: Carried;
}

const nothingCarried: Carried = new Map();
const deliveryBatch = 200;

/**
 * Takes events from a command to the facts that follow from them.
 *
 * It is the unit of work that services use: events recorded in a unit are projected in that same unit where one database
 * holds both homes. Elsewhere those of the unit's own home are, and the others right after the commit, together with those
 * of the commands around (one transaction for all that wait); what a crash leaves behind stays in the outbox for
 * {@link drain}. A projection that fails never fails the command; it shows in {@link health}.
 */
export class Dispatcher implements UnitOfWork, EventRecorder {
  readonly #ports: DispatcherPorts;
  readonly #pending = new WeakMap<Unit, Delivery[]>();
  readonly #deliveries: Record<Home, Coalescer<Delivery>>;
  readonly #removals: Record<Home, Coalescer<string>>;
  #failures = 0;
  #lastFailure: string | null = null;

  constructor(ports: DispatcherPorts) {
    this.#ports = ports;
    const deliverer = (from: Home) =>
      new Coalescer<Delivery>(deliveryBatch, (deliveries) => this.#deliver(from, deliveries));
    const remover = (from: Home) => new Coalescer<string>(1000, (ids) => ports.outbox.remove(from, ids));
    this.#deliveries = { documents: deliverer('documents'), ledger: deliverer('ledger') };
    this.#removals = { documents: remover('documents'), ledger: remover('ledger') };
  }

  get oneDatabase(): boolean {
    return this.#ports.unitOfWork.oneDatabase;
  }

  async run<Result>(home: Home, work: (unit: Unit) => Promise<Result>, options?: UnitOptions): Promise<Result> {
    let committed: Unit | undefined;
    const result = await this.#ports.unitOfWork.run(
      home,
      (unit) => {
        committed = unit;
        return work(unit);
      },
      options,
    );
    const pending = committed && this.#pending.get(committed);
    if (pending === undefined) return result;
    const followed = this.#deliverAll(home, pending);
    if (options?.onFollowing === undefined) await followed;
    else options.onFollowing(followed);
    return result;
  }

  async record(
    unit: Unit,
    drafts: readonly EventDraft[],
    carried: Carried = nothingCarried,
  ): Promise<readonly DomainEvent[]> {
    const events = drafts.map((draft) => this.#stamp(draft));
    for (const projection of this.#ports.projections) {
      if (!unit.bothHomes && projection.home !== unit.home) continue;
      const handled = events.filter((event) => projection.handles(event));
      if (handled.length > 0) await projection.project(unit, handled, carried);
    }
    if (!unit.bothHomes) await this.#leaveForOtherHome(unit, events, carried);
    return events;
  }

  /**
   * Projects what crashed or failed commands left in the outboxes, at most `limit` events a home. Safe to run in several
   * processes at once, and beside commands. @returns how many events were projected
   */
  async drain(limit = 10_000): Promise<number> {
    if (this.oneDatabase) return 0;
    let projected = 0;
    for (const from of ['documents', 'ledger'] as const) {
      let left = limit;
      while (left > 0) {
        const events = await this.#ports.outbox.waiting(from, Math.min(left, deliveryBatch));
        if (events.length === 0) break;
        const done = await this.#projectWhatCanBe(from, events);
        if (done.length === 0) break;
        await this.#ports.outbox.remove(from, done);
        projected += done.length;
        left -= done.length;
        // What arrives meanwhile is delivered by its own command.
        if (events.length < deliveryBatch) break;
      }
    }
    return projected;
  }

  async health(): Promise<DispatcherHealth> {
    const counts = this.oneDatabase
      ? [0]
      : await Promise.all([this.#ports.outbox.count('documents'), this.#ports.outbox.count('ledger')]);
    return {
      waiting: counts.reduce((sum, count) => sum + count, 0),
      failures: this.#failures,
      lastFailure: this.#lastFailure,
    };
  }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    for (const home of ['documents', 'ledger'] as const) {
      await this.#deliveries[home].idle();
      await this.#removals[home].idle();
    }
  }

  /** Projects a batch, or, when it fails, each event alone. @returns ids of those that were projected */
  async #projectWhatCanBe(from: Home, events: readonly DomainEvent[]): Promise<readonly string[]> {
    try {
      await this.#projectElsewhere(from, events, nothingCarried);
      return events.map((event) => event.id);
    } catch (error) {
      if (events.length === 1 || (LmsError.isInstance(error) && error.retryable)) {
        this.#noteFailure(error);
        return [];
      }
    }
    const done: string[] = [];
    for (const event of events) done.push(...(await this.#projectWhatCanBe(from, [event])));
    return done;
  }

  #noteFailure(error: unknown): void {
    this.#failures += 1;
    this.#lastFailure = error instanceof Error ? error.message : String(error);
  }

  #stamp(draft: EventDraft): DomainEvent {
    const id = this.#ports.ids.next<'event'>();
    return {
      id,
      type: draft.type,
      typeVersion: draft.typeVersion,
      aggregate: draft.aggregate,
      at: toInstant(this.#ports.clock.now()),
      actor: actorRef(draft.actor),
      via: draft.actor.kind === 'system' ? null : (draft.actor.via ?? null),
      command: draft.command,
      correlationId: draft.correlationId ?? id,
      causationId: draft.causationId ?? null,
      data: draft.data,
      sealed: draft.sealed,
    };
  }

  async #leaveForOtherHome(unit: Unit, events: readonly DomainEvent[], carried: Carried): Promise<void> {
    const elsewhere = this.#projectionsAway(unit.home);
    const leaving = events.filter((event) => elsewhere.some((projection) => projection.handles(event)));
    if (leaving.length === 0) return;
    await this.#ports.outbox.append(unit, leaving);
    const pending = this.#pending.get(unit) ?? [];
    pending.push({ events: leaving, carried });
    this.#pending.set(unit, pending);
  }

  #projectionsAway(from: Home): readonly Projection[] {
    return this.#ports.projections.filter((projection) => projection.home !== from);
  }

  async #deliverAll(from: Home, deliveries: readonly Delivery[]): Promise<void> {
    await Promise.all(deliveries.map((delivery) => this.#deliverAfterCommit(from, delivery)));
  }

  async #deliverAfterCommit(from: Home, delivery: Delivery): Promise<void> {
    try {
      await this.#deliveries[from].add(delivery);
    } catch (error) {
      this.#noteFailure(error);
      return;
    }
    for (const event of delivery.events) this.#removals[from].add(event.id).catch(() => undefined);
  }

  async #deliver(from: Home, deliveries: readonly Delivery[]): Promise<void> {
    const events = deliveries.flatMap((delivery) => delivery.events);
    await this.#projectElsewhere(from, events, newestCarried(deliveries));
  }

  async #projectElsewhere(from: Home, events: readonly DomainEvent[], carried: Carried): Promise<void> {
    const home: Home = from === 'documents' ? 'ledger' : 'documents';
    await this.#ports.unitOfWork.run(home, async (unit) => {
      for (const projection of this.#projectionsAway(from)) {
        const handled = events.filter((event) => projection.handles(event));
        if (handled.length > 0) await projection.project(unit, handled, carried);
      }
    });
  }
}

function newestCarried(deliveries: readonly Delivery[]): Carried {
  const merged = new Map<string, unknown>();
  for (const { carried } of deliveries) {
    for (const [key, aggregate] of carried) {
      if (versionOf(aggregate) >= versionOf(merged.get(key))) merged.set(key, aggregate);
    }
  }
  return merged;
}

function versionOf(aggregate: unknown): number {
  if (typeof aggregate !== 'object' || aggregate === null || !('version' in aggregate)) return 0;
  return typeof aggregate.version === 'number' ? aggregate.version : 0;
}
