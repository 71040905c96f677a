import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { loadOptional, type RedisAddress, redisClient, within } from '../../redis/index.js';
import type { WakeListener } from '../queue/wakeup.js';

/** Longer than the 5 s for which a worker of BullMQ waits for a wake. */
const silentMillis = 10_000;
const pauseAfterFailureMillis = 1_000;
const closeMillis = 2_000;
const disconnectMillis = 500;

/**
 * Takes wakes from the queues of some kinds, one of each at a time: the next one only when the listener has room, so that a worker that is
 * full leaves them to others.
 */
export class WakeReceiver {
  readonly #client: Promise<Redis>;
  readonly #workers: Promise<readonly Worker[]>;
  readonly #stopped: AbortController = new AbortController();

  constructor(address: RedisAddress, prefix: string, kinds: readonly string[], listener: WakeListener) {
    // Workers keep what they asked until the server answers; one that is silent counts as gone.
    this.#client = redisClient(address, { socketTimeout: silentMillis, maxRetriesPerRequest: null });
    this.#workers = this.#listen(prefix, kinds, listener);
    this.#workers.catch(() => undefined);
  }

  /** Takes no more wakes. What it holds is given back at once where Redis answers, else by Redis itself half a minute later. */
  async close(): Promise<void> {
    this.#stopped.abort();
    const workers = await this.#workers.catch(() => []);
    await Promise.all(workers.map(closeWorker));
    (await this.#client.catch(() => null))?.disconnect();
  }

  async #listen(prefix: string, kinds: readonly string[], listener: WakeListener): Promise<readonly Worker[]> {
    const { Worker: BullWorker } = await loadOptional('bullmq', () => import('bullmq'));
    const connection = await this.#client;
    const stopped = new Promise<void>((resolve) =>
      this.#stopped.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    if (this.#stopped.signal.aborted) return [];
    return kinds.map((kind) => {
      const look = async (): Promise<void> => {
        if (!this.#stopped.signal.aborted) await Promise.race([listener([kind]), stopped]);
      };
      const worker = new BullWorker(kind, look, {
        connection,
        prefix,
        concurrency: 1,
        runRetryDelay: pauseAfterFailureMillis,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      });
      worker.on('error', () => undefined);
      return worker;
    });
  }
}

async function closeWorker(worker: Worker): Promise<void> {
  try {
    await within(closeMillis, worker.close());
  } catch {
    await within(disconnectMillis, worker.disconnect()).catch(() => undefined);
  }
}
