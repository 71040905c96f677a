import { type Clock, type DomainEvent, type IdSource, LmsError } from '../kernel/index.js';
import {
  type Carried,
  type EventDraft,
  type EventRecorder,
  type Home,
  type Outbox,
  type Projection,
  type Step,
  type StepOutcomes,
  stampEvent,
  type Unit,
  type UnitOfWork,
  type UnitOptions,
} from '../persistence/index.js';
import { Coalescer } from './coalescer.js';
import { errorCode } from './retry-plan.js';
import { StepRunner } from './step-runner.js';

export interface DispatcherPorts {
  readonly unitOfWork: UnitOfWork;
  readonly outbox: Outbox;
  readonly projections: readonly Projection[];
  /** What events ask of the ledger that may be refused there. */
  readonly steps?: { readonly all: readonly Step[]; readonly outcomes: StepOutcomes };
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** What this process failed to project since it started; the events stay in the outbox, for a relay. */
export interface DispatcherFailures {
  readonly count: number;
  /** Code of the last one's error. */
  readonly lastError: string | null;
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
 * a relay. A projection that fails never fails the command; it shows in {@link failures}.
 */
export class Dispatcher implements UnitOfWork, EventRecorder {
  readonly #ports: DispatcherPorts;
  readonly #pending = new WeakMap<Unit, Delivery[]>();
  readonly #deliveries: Record<Home, Coalescer<Delivery>>;
  readonly #removals: Record<Home, Coalescer<string>>;
  readonly #steps: StepRunner;
  #failures: DispatcherFailures = { count: 0, lastError: null };

  constructor(ports: DispatcherPorts) {
    this.#ports = ports;
    const { all = [], outcomes = noOutcomes } = ports.steps ?? {};
    this.#steps = new StepRunner({ steps: all, outcomes, events: this, clock: ports.clock });
    const deliverer = (from: Home) =>
      new Coalescer<Delivery>(deliveryBatch, (deliveries) => this.#deliverTogether(from, deliveries));
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
    const events = drafts.map((draft) => stampEvent(draft, this.#ports));
    for (const projection of this.#ports.projections) {
      if (!unit.bothHomes && projection.home !== unit.home) continue;
      const handled = events.filter((event) => projection.handles(event));
      if (handled.length > 0) await projection.project(unit, handled, carried);
    }
    if (unit.bothHomes || unit.home === 'ledger') await this.#steps.take(unit, events, carried, false);
    if (!unit.bothHomes) await this.#leaveForOtherHome(unit, events, carried);
    return events;
  }

  /**
   * Projects events of one home into the other and takes their steps there, all in one unit; what refused steps tell is
   * delivered too. Doing it again changes nothing.
   * @throws LmsError `STORE_TOO_NEW` for an event that nothing here handles: it is for a newer release to project
   */
  async deliver(from: Home, events: readonly DomainEvent[], carried: Carried = nothingCarried): Promise<void> {
    const unknown = events.find((event) => !this.#isHandledAway(from, event));
    if (unknown !== undefined) {
      throw new LmsError('STORE_TOO_NEW', { message: `this release does not know the event ${unknown.type}` });
    }
    const home: Home = from === 'documents' ? 'ledger' : 'documents';
    await this.run(home, async (unit) => {
      for (const projection of this.#projectionsAway(from)) {
        const handled = events.filter((event) => projection.handles(event));
        if (handled.length > 0) await projection.project(unit, handled, carried);
      }
      if (home === 'ledger') await this.#steps.take(unit, events, carried, true);
    });
  }

  get failures(): DispatcherFailures {
    return this.#failures;
  }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    for (const home of ['documents', 'ledger'] as const) {
      await this.#deliveries[home].idle();
      await this.#removals[home].idle();
    }
  }

  async #leaveForOtherHome(unit: Unit, events: readonly DomainEvent[], carried: Carried): Promise<void> {
    const leaving = events.filter((event) => this.#isHandledAway(unit.home, event));
    if (leaving.length === 0) return;
    await this.#ports.outbox.append(unit, leaving);
    const pending = this.#pending.get(unit) ?? [];
    pending.push({ events: leaving, carried });
    this.#pending.set(unit, pending);
  }

  #isHandledAway(from: Home, event: DomainEvent): boolean {
    if (this.#projectionsAway(from).some((projection) => projection.handles(event))) return true;
    return from === 'documents' && this.#steps.handles(event);
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
      this.#failures = { count: this.#failures.count + 1, lastError: errorCode(error) };
      return;
    }
    for (const event of delivery.events) this.#removals[from].add(event.id).catch(() => undefined);
  }

  async #deliverTogether(from: Home, deliveries: readonly Delivery[]): Promise<void> {
    const events = deliveries.flatMap((delivery) => delivery.events);
    await this.deliver(from, events, newestCarried(deliveries));
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

/** For a dispatcher without steps. */
const noOutcomes: StepOutcomes = { find: async () => [], insert: async () => undefined };
