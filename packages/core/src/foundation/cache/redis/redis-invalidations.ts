import type { Redis } from 'ioredis';
import { LmsError } from '../../kernel/index.js';
import {
  loadIoredis,
  type RedisAddress,
  type RedisSource,
  redisAddress,
  redisClient,
  redisProblem,
  within,
} from '../../redis/index.js';
import type { ForgetListener, InvalidationFinding, Invalidations } from '../invalidations.js';

export type RedisInvalidationsOptions = RedisSource & {
  /** Begins the name of the channel; `lms` when absent. Stores that share a Redis need different ones. */
  readonly prefix?: string;
};

const commandMillis = 2_000;
const lastSendMillis = 1_000;
/** A link without news is asked now and then; one that does not answer is made anew. */
const askEveryMillis = 5_000;

/**
 * Tells other processes through a channel of Redis what they must no longer remember. Only names of groups go there, such as `users`.
 *
 * ```ts
 * const lms = await createLms({ storage, key, cache: redisInvalidations({ url: process.env.LMS_REDIS_URL }) });
 * ```
 *
 * Connects when it first has something to tell, or something is remembered longer; one of it serves one store, which closes it.
 * @throws LmsError `CONFIG_INVALID`
 */
export function redisInvalidations({ prefix = 'lms', ...source }: RedisInvalidationsOptions): Invalidations {
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(prefix)) {
    const message = 'the prefix in Redis is not one; expected 1 to 100 letters, digits, points, dashes and underscores';
    throw new LmsError('CONFIG_INVALID', { message, path: 'redis.prefix' });
  }
  return new RedisInvalidations(redisAddress(source), `${prefix}:forget`);
}

class RedisInvalidations implements Invalidations {
  readonly #address: RedisAddress;
  readonly #channel: string;
  readonly #listeners: Set<ForgetListener> = new Set();
  readonly #sending: Set<Promise<unknown>> = new Set();
  #sender: Promise<Redis> | null = null;
  #receiver: Promise<Redis> | null = null;
  #asking: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(address: RedisAddress, channel: string) {
    this.#address = address;
    this.#channel = channel;
  }

  async open(): Promise<void> {
    await loadIoredis();
  }

  publish(group: string): void {
    if (this.#isClosed) return;
    const sending: Promise<unknown> = this.#connected()
      .then((client) =>
        client.publish(this.#channel, group).catch(() => {
          // A link on which nothing comes back may be a dead one.
          if (client.status === 'ready' && !this.#isClosed) client.disconnect(true);
        }),
      )
      // Others forget by themselves, a lifetime later.
      .catch(() => undefined)
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  listen(listener: ForgetListener): void {
    if (this.#isClosed) return;
    this.#listeners.add(listener);
    this.#receiver ??= this.#subscribe();
    this.#receiver.catch(() => undefined);
  }

  async check(): Promise<InvalidationFinding> {
    const { label } = this.#address;
    try {
      await within(
        commandMillis,
        this.#connected().then((client) => client.ping()),
      );
      return { name: 'cache', ok: true, message: `${label} tells other processes of changes` };
    } catch (error) {
      const meanwhile = 'changes made by other processes show a little later meanwhile';
      return { name: 'cache', ok: false, message: `${label} does not answer (${redisProblem(error)}); ${meanwhile}` };
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    clearInterval(this.#asking);
    await within(lastSendMillis, Promise.all(this.#sending)).catch(() => undefined);
    for (const client of [this.#sender, this.#receiver]) (await client?.catch(() => null))?.disconnect();
  }

  #connected(): Promise<Redis> {
    this.#sender ??= redisClient(this.#address, { commandTimeout: commandMillis, maxRetriesPerRequest: 1 });
    return this.#sender;
  }

  async #subscribe(): Promise<Redis> {
    const client = await redisClient(this.#address, {
      commandTimeout: commandMillis,
      maxRetriesPerRequest: null,
      autoResubscribe: false,
    });
    client.on('message', (_channel: string, group: string) => this.#tell(group));
    client.on('close', () => this.#tell(null));
    // What was published while there was no subscription is lost.
    client.on('ready', () => {
      void client.subscribe(this.#channel).then(
        () => this.#tell(null),
        () => undefined,
      );
    });
    void client.connect().catch(() => undefined);
    const ask = (): void => {
      if (client.status === 'ready') void client.ping().catch(() => client.disconnect(!this.#isClosed));
    };
    this.#asking = setInterval(ask, askEveryMillis);
    this.#asking.unref();
    if (this.#isClosed) {
      clearInterval(this.#asking);
      client.disconnect();
    }
    return client;
  }

  #tell(group: string | null): void {
    for (const listener of this.#listeners) listener(group);
  }
}
