import { Nap, Troubles } from '../jobs/index.js';
import { LmsError } from '../kernel/index.js';
import type { CheckedConsumer } from './consumer.js';
import { isFree } from './consumer-lease.js';
import { type ConsumerRunOptions, type ConsumerRunPorts, type ConsumerRunReport, runConsumer } from './consumer-run.js';
import type { CheckedEventSettings } from './event-settings.js';
import { type RegisterConsumerPorts, registerConsumer } from './register-consumer.js';

export interface EventWorkerPorts extends Omit<ConsumerRunPorts, 'holder' | 'leaseMillis'>, RegisterConsumerPorts {}

export interface EventRoundOptions {
  /** Events that one consumer handles at most; 1,000 when absent, and none where it is 0. */
  readonly limit?: number;
  /** After so many milliseconds nothing more is begun, and handlers are waited for no longer; 20,000 when absent. */
  readonly millis?: number;
}

/** A consumer in the hands of this process. */
interface Run {
  /** Ends it early. */
  readonly leave: AbortController;
  readonly ended: Promise<ConsumerRunReport>;
}

const defaultStopMillis = 30_000;
const defaultRound = { limit: 1_000, millis: 20_000 };
const consumersAPage = 500;
const nothing: ConsumerRunReport = { handled: 0, failed: 0 };

/**
 * Takes the consumers of this process through the feed. Any number may run, in any processes: each consumer is in one's hands at a time,
 * and different consumers do not wait for each other.
 */
export class EventWorker {
  readonly #ports: EventWorkerPorts;
  readonly #settings: CheckedEventSettings;
  readonly #consumers: Map<string, CheckedConsumer>;
  /** Those that the store knows. */
  readonly #known: Set<string> = new Set();
  readonly #running: Map<string, Run> = new Map();
  #stop: AbortController = new AbortController();
  #cut: AbortController = new AbortController();
  #looping: Promise<void> | null = null;
  readonly #nap = new Nap();
  /** A store that is away is tried again with the next look. */
  readonly #troubles = new Troubles();

  constructor(
    ports: EventWorkerPorts,
    settings: CheckedEventSettings,
    consumers: ReadonlyMap<string, CheckedConsumer>,
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#consumers = new Map(consumers);
  }

  /** Code of the error with which the store refuses it something, the newest first; null while it works. */
  get lastError(): string | null {
    return this.#troubles.last;
  }

  /**
   * Adds a consumer to this process, and to the store if it is new there. A worker that runs takes it up within a second.
   * @throws LmsError `CONFIG_INVALID` when this process has one of that name, `INPUT_INVALID`, `STORE_*`
   */
  async add(consumer: CheckedConsumer): Promise<void> {
    if (this.#consumers.has(consumer.name)) {
      throw new LmsError('CONFIG_INVALID', { message: `this process has a consumer ${consumer.name} already` });
    }
    this.#consumers.set(consumer.name, consumer);
    try {
      await this.#makeKnown(consumer);
    } catch (error) {
      this.#consumers.delete(consumer.name);
      throw error;
    }
    this.#nap.rouse();
  }

  /** Takes a consumer from this process, once its handler has ended; the store keeps how far it is. */
  async remove(name: string): Promise<void> {
    this.#consumers.delete(name);
    this.#known.delete(name);
    const run = this.#running.get(name);
    run?.leave.abort();
    await run?.ended.catch(() => undefined);
  }

  /** The store knows every consumer of this process: what happens from now on is told to them. @throws LmsError `STORE_*` */
  async prepare(): Promise<void> {
    for (const consumer of this.#consumers.values()) await this.#makeKnown(consumer);
  }

  /** Begins to seal and to feed; does nothing when it runs already. */
  start(): void {
    if (this.#looping !== null) return;
    this.#stop = new AbortController();
    this.#cut = new AbortController();
    this.#looping = this.#loop();
  }

  /** Begins nothing more, and waits for the handlers that run, but no longer than that. */
  async stop(timeoutMillis: number = defaultStopMillis): Promise<void> {
    if (this.#looping === null) return;
    this.#stop.abort();
    this.#nap.rouse();
    const timer = setTimeout(() => this.#cut.abort(), timeoutMillis);
    await this.#looping;
    await Promise.allSettled([...this.#running.values()].map(({ ended }) => ended));
    clearTimeout(timer);
    this.#looping = null;
  }

  /**
   * One bounded round, for where no worker runs: seals, then feeds each consumer what waits. Ends when no handler of it runs any more.
   * @throws LmsError `STORE_*`
   */
  async round(options: EventRoundOptions = {}): Promise<ConsumerRunReport> {
    const { limit, millis } = { ...defaultRound, ...options };
    if (limit <= 0 || this.#consumers.size === 0) return nothing;
    await this.prepare();
    await this.#ports.seal();
    const end = AbortSignal.timeout(millis);
    const due = await this.#due();
    const ends = await Promise.allSettled(due.map((consumer) => this.#run(consumer, { limit, stop: end, cut: end })));
    let sum = nothing;
    for (const run of ends) {
      if (run.status === 'rejected') throw run.reason;
      sum = { handled: sum.handled + run.value.handled, failed: sum.failed + run.value.failed };
    }
    return sum;
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const roused = this.#nap.for(this.#settings.pollMillis);
      await this.#troubles.trying('seal', () => this.#ports.seal());
      await this.#troubles.trying('look', () => this.#begin());
      await roused;
    }
  }

  async #begin(): Promise<void> {
    if (this.#consumers.size === 0) return;
    await this.prepare();
    const limits = { limit: Number.MAX_SAFE_INTEGER, stop: this.#stop.signal, cut: this.#cut.signal };
    for (const consumer of await this.#due()) {
      if (this.#stop.signal.aborted) return;
      void this.#troubles.trying(`consumer ${consumer.name}`, () => this.#run(consumer, limits));
    }
  }

  /** Consumers of this process for which something waits, and that nobody else has. */
  async #due(): Promise<readonly CheckedConsumer[]> {
    const { consumers, feed, clock } = this.#ports;
    const head = await feed.head();
    const due: CheckedConsumer[] = [];
    for (let after = ''; ; ) {
      const page = await consumers.list({ after, limit: consumersAPage });
      for (const stored of page) {
        const consumer = this.#consumers.get(stored.name);
        if (consumer !== undefined && stored.position < head && isFree(stored, clock.now())) due.push(consumer);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < consumersAPage) return due;
      after = last.name;
    }
  }

  /** Nothing is done for one that is in hand already, or was taken from this process meanwhile. */
  #run(consumer: CheckedConsumer, { limit, stop, cut }: ConsumerRunOptions): Promise<ConsumerRunReport> {
    const { name } = consumer;
    if (this.#running.has(name) || this.#consumers.get(name) !== consumer) return Promise.resolve(nothing);
    const leave = new AbortController();
    const holder = this.#ports.ids.next<'worker'>();
    const ports = { ...this.#ports, leaseMillis: this.#settings.leaseMillis, holder };
    const options = { limit, stop: AbortSignal.any([stop, leave.signal]), cut };
    const ended = runConsumer(ports, consumer, options).finally(() => this.#running.delete(name));
    this.#running.set(name, { leave, ended });
    return ended;
  }

  /** The store knows a consumer from the first time on that a process has it. */
  async #makeKnown(consumer: CheckedConsumer): Promise<void> {
    if (this.#known.has(consumer.name)) return;
    await registerConsumer(this.#ports, consumer);
    this.#known.add(consumer.name);
  }
}
