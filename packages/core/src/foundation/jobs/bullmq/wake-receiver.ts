import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { loadOptional } from '../../kernel/index.js';
import { type RedisAddress, redisClient, within } from '../../redis/index.js';
import type { WakeListener } from '../queue/wakeup.js';

/** Longer than the 5 s for which a worker of BullMQ waits for a wake. */
const commandMillis = 10_000;
const pauseAfterFailureMillis = 1_000;
const closeMillis = 2_000;
const disconnectMillis = 500;

/** What becomes of a wake. */
export interface WakeHands {
  readonly listener: WakeListener;
  /** Another is to hear of this kind. */
  readonly putBack: (kind: string) => void;
}

/**
 * Takes wakes from the queues of some kinds, one of each at a time: the next one only when the listener has room, so that a worker that is
 * full leaves them to others. What it has in hand when it is stopped it puts back.
 */
export class WakeReceiver {
  readonly #prefix: string;
  readonly #hands: WakeHands;
  readonly #client: Promise<Redis>;
  readonly #workers: Map<string, Worker> = new Map();
  readonly #stopped: AbortController = new AbortController();
  /** Each ends a look that waits for room. */
  readonly #looks: Set<() => void> = new Set();

  constructor(address: RedisAddress, prefix: string, kinds: readonly string[], hands: WakeHands) {
    this.#prefix = prefix;
    this.#hands = hands;
    this.#client = redisClient(address, { commandTimeout: commandMillis, maxRetriesPerRequest: null });
    for (const kind of kinds) void this.#listenTo(kind).catch(() => undefined);
  }

  /** Takes no more wakes. What it holds is put back at once where Redis answers, else by Redis itself half a minute later. */
  async close(): Promise<void> {
    this.#stopped.abort();
    for (const end of this.#looks) end();
    const client = await this.#client.catch(() => null);
    await Promise.all([...this.#workers.values()].map(closeWorker));
    client?.disconnect();
  }

  /** A worker whose first words to the server failed does nothing any more, and is replaced. */
  async #listenTo(kind: string): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const worker = await this.#newWorker(kind);
      if (worker === null) return;
      try {
        return await worker.waitUntilReady();
      } catch {
        await closeWorker(worker);
        await sleep(pauseAfterFailureMillis, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #newWorker(kind: string): Promise<Worker | null> {
    const { Worker: BullWorker } = await loadOptional('bullmq', () => import('bullmq'));
    const connection = await this.#client;
    if (this.#stopped.signal.aborted) return null;
    const worker = new BullWorker(kind, () => this.#look(kind), {
      connection,
      prefix: this.#prefix,
      concurrency: 1,
      runRetryDelay: pauseAfterFailureMillis,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    worker.on('error', ({ message }) => {
      // A link on which nothing comes back may be a dead one.
      if (/timed out/i.test(message) && !this.#stopped.signal.aborted) connection.disconnect(true);
    });
    this.#workers.set(kind, worker);
    return worker;
  }

  /** Whoever is stopped may not have looked after it took the wake. */
  async #look(kind: string): Promise<void> {
    const hasLooked = !this.#stopped.signal.aborted && (await this.#told(kind));
    if (!hasLooked) this.#hands.putBack(kind);
  }

  /** @returns whether the listener has looked; false when it was stopped before */
  async #told(kind: string): Promise<boolean> {
    let end: () => void = () => undefined;
    const stopped = new Promise<boolean>((resolve) => {
      end = () => resolve(false);
    });
    this.#looks.add(end);
    const looked = this.#hands.listener([kind]).then(() => true);
    return Promise.race([looked, stopped]).finally(() => this.#looks.delete(end));
  }
}

async function closeWorker(worker: Worker): Promise<void> {
  try {
    await within(closeMillis, worker.close());
  } catch {
    await within(disconnectMillis, worker.disconnect()).catch(() => undefined);
  }
}
