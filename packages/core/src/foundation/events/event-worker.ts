import { type Clock, type IdSource, LmsError, systemActor, toInstant } from '../kernel/index.js';
import type { EventRecorder } from '../persistence/index.js';
import type { CheckedConsumer } from './consumer.js';
import { isFree } from './consumer-lease.js';
import { type ConsumerRunPorts, type ConsumerRunReport, runConsumer } from './consumer-run.js';
import type { ConsumerStore, StoredConsumer } from './consumer-store.js';
import type { CheckedEventSettings } from './event-settings.js';

export interface EventWorkerPorts extends Omit<ConsumerRunPorts, 'holder' | 'leaseMillis'> {
  readonly events: EventRecorder;
  readonly consumers: ConsumerStore;
  /** Gives what happened its positions. @returns how many */
  readonly seal: () => Promise<number>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export interface EventRoundOptions {
  /** Events that one consumer handles at most; 1,000 when absent, and none where it is 0. */
  readonly limit?: number;
  /** After so many milliseconds nothing more is begun, and handlers are waited for no longer; 20,000 when absent. */
  readonly millis?: number;
}

const defaultStopMillis = 30_000;
const defaultRound = { limit: 1_000, millis: 20_000 };
const mostSealedRounds = 100;
const mostConsumers = 500;

/**
 * Takes the consumers of this process through the feed. Any number may run, in any processes: each consumer is in one's hands at a time,
 * and different consumers do not wait for each other.
 */
export class EventWorker {
  readonly #ports: EventWorkerPorts;
  readonly #settings: CheckedEventSettings;
  readonly #consumers: Map<string, CheckedConsumer>;
  readonly #known: Set<string> = new Set();
  readonly #running: Map<string, Promise<ConsumerRunReport | null>> = new Map();
  /** Ends the run of one consumer. */
  readonly #leaving: Map<string, AbortController> = new Map();
  #stop: AbortController = new AbortController();
  #cut: AbortController = new AbortController();
  #looping: Promise<void> | null = null;
  #rouse: () => void = () => undefined;
  #handled = 0;
  #failed = 0;
  #lastError: string | null = null;

  constructor(
    ports: EventWorkerPorts,
    settings: CheckedEventSettings,
    consumers: ReadonlyMap<string, CheckedConsumer>,
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#consumers = new Map(consumers);
  }

  /** What it has done since it started. */
  get report(): ConsumerRunReport & { readonly lastError: string | null } {
    return { handled: this.#handled, failed: this.#failed, lastError: this.#lastError };
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
    this.#rouse();
  }

  /** Takes a consumer from this process, once its handler has ended; the store keeps how far it is. */
  async remove(name: string): Promise<void> {
    this.#consumers.delete(name);
    this.#known.delete(name);
    this.#leaving.get(name)?.abort();
    await this.#running.get(name);
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
    this.#rouse();
    const timer = setTimeout(() => this.#cut.abort(), timeoutMillis);
    await this.#looping;
    await Promise.all(this.#running.values());
    clearTimeout(timer);
    this.#looping = null;
  }

  /** One bounded round, for where no worker runs: seals, then feeds each consumer what waits. @throws LmsError `STORE_*` */
  async round(options: EventRoundOptions = {}): Promise<ConsumerRunReport> {
    const { limit, millis } = { ...defaultRound, ...options };
    if (limit <= 0 || this.#consumers.size === 0) return { handled: 0, failed: 0 };
    for (const consumer of this.#consumers.values()) await this.#makeKnown(consumer);
    await this.#ports.seal();
    const end = AbortSignal.timeout(millis);
    const reports = await Promise.all((await this.#due()).map((consumer) => this.#run(consumer, limit, end, end)));
    return {
      handled: reports.reduce((sum, { handled }) => sum + handled, 0),
      failed: reports.reduce((sum, { failed }) => sum + failed, 0),
    };
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const roused = this.#napFor(this.#settings.pollMillis);
      await this.#trying(() => this.#ports.seal());
      await this.#trying(() => this.#begin());
      await roused;
    }
  }

  async #begin(): Promise<void> {
    if (this.#consumers.size === 0) return;
    for (const consumer of this.#consumers.values()) await this.#makeKnown(consumer);
    for (const consumer of await this.#due()) {
      if (this.#stop.signal.aborted || this.#running.has(consumer.name)) continue;
      const { name } = consumer;
      const run = this.#trying(() =>
        this.#run(consumer, Number.MAX_SAFE_INTEGER, this.#stop.signal, this.#cut.signal),
      ).finally(() => this.#running.delete(name));
      this.#running.set(name, run);
    }
  }

  /** Consumers of this process for which something waits, and that nobody else has. */
  async #due(): Promise<readonly CheckedConsumer[]> {
    const { consumers, feed, clock } = this.#ports;
    const head = await feed.head();
    const stored = await consumers.list({ limit: mostConsumers });
    return stored.flatMap((each) => {
      const consumer = this.#consumers.get(each.name);
      return consumer !== undefined && each.position < head && isFree(each, clock.now()) ? [consumer] : [];
    });
  }

  async #run(
    consumer: CheckedConsumer,
    limit: number,
    stop: AbortSignal,
    cut: AbortSignal,
  ): Promise<ConsumerRunReport> {
    const { leaseMillis } = this.#settings;
    const holder = this.#ports.ids.next<'worker'>();
    const leave = new AbortController();
    this.#leaving.set(consumer.name, leave);
    const options = { limit, stop: AbortSignal.any([stop, leave.signal]), cut };
    const report = await runConsumer({ ...this.#ports, leaseMillis, holder }, consumer, options);
    this.#handled += report.handled;
    this.#failed += report.failed;
    return report;
  }

  /** The store knows a consumer from the first time on that a process has it. */
  async #makeKnown({ name, from }: CheckedConsumer): Promise<void> {
    if (this.#known.has(name)) return;
    const { consumers, unitOfWork, events, ids } = this.#ports;
    if ((await consumers.get(null, name)) === null) {
      const position = await this.#startOf(from);
      await unitOfWork.run('ledger', async (unit) => {
        const consumer = newConsumer({ name, id: ids.next<'consumer'>(), position, now: this.#ports.clock.now() });
        await consumers.insert(unit, consumer);
        const stored = await consumers.get(unit, name);
        if (stored?.id !== consumer.id) return;
        await events.record(unit, [
          {
            type: 'consumer.registered',
            typeVersion: 1,
            aggregate: { kind: 'consumer', id: consumer.id, version: consumer.fence },
            actor: systemActor('events'),
            command: 'events.consume',
            data: { name, position },
            sealed: null,
          },
        ]);
      });
    }
    this.#known.add(name);
  }

  async #startOf(from: CheckedConsumer['from']): Promise<number> {
    if (from === 'beginning') return 0;
    // What happened before now is to have its position.
    for (let round = 0; round < mostSealedRounds && (await this.#ports.seal()) > 0; round += 1);
    const head = await this.#ports.feed.head();
    return from === 'now' ? head : Math.min(from, head);
  }

  /** Ends after so long, or when roused. */
  #napFor(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** A store that is away is tried again with the next look. */
  async #trying<Result>(work: () => Promise<Result>): Promise<Result | null> {
    try {
      return await work();
    } catch (error) {
      this.#lastError = LmsError.isInstance(error) ? error.code : 'INTERNAL';
      return null;
    }
  }
}

function newConsumer({
  name,
  id,
  position,
  now,
}: Pick<StoredConsumer, 'name' | 'id' | 'position'> & { readonly now: number }): StoredConsumer {
  return {
    name,
    id,
    position,
    status: 'running',
    fence: 1,
    holder: null,
    leaseUntil: null,
    attempts: 0,
    retryAt: null,
    lastError: null,
    failedPosition: null,
    createdAt: toInstant(now),
    updatedAt: toInstant(now),
  };
}
