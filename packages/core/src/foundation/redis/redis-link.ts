import type { Redis } from 'ioredis';
import type { RedisAddress } from './redis-address.js';
import { redisClient, redisProblem, within } from './redis-client.js';

const commandMillis = 2_000;

/** How Redis answered a question. */
export interface RedisAnswer {
  /** What failed; null when it answered. */
  readonly problem: string | null;
  readonly millis: number;
}

/** One connection for commands that nobody waits for long: it is made with the first of them, and given up within two seconds each. */
export class RedisLink {
  readonly #address: RedisAddress;
  #client: Promise<Redis> | null = null;
  #isClosed = false;

  constructor(address: RedisAddress) {
    this.#address = address;
  }

  /** The server and the database without credentials. */
  get label(): string {
    return this.#address.label;
  }

  /** @throws LmsError `DRIVER_MISSING`; Error once it is closed */
  client(): Promise<Redis> {
    if (this.#isClosed) return Promise.reject(new Error('the link to Redis was closed'));
    this.#client ??= redisClient(this.#address, { commandTimeout: commandMillis, maxRetriesPerRequest: 1 });
    return this.#client;
  }

  async asked(question: (client: Redis) => Promise<unknown>): Promise<RedisAnswer> {
    const began = performance.now();
    const answered = (problem: string | null): RedisAnswer => ({
      problem,
      millis: Math.round(performance.now() - began),
    });
    try {
      await within(commandMillis, this.client().then(question));
      return answered(null);
    } catch (error) {
      return answered(redisProblem(error));
    }
  }

  /**
   * Makes the connection anew after a failure: one on which nothing comes back may be a dead one, and one that takes no writes may lead to
   * what was the primary before.
   */
  async renew(): Promise<void> {
    const client = await this.#client?.catch(() => null);
    if (client?.status === 'ready' && !this.#isClosed) client.disconnect(true);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    (await this.#client?.catch(() => null))?.disconnect();
  }
}
