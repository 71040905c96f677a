import type { Redis } from 'ioredis';
import type { Finding } from '../../kernel/index.js';
import {
  loadIoredis,
  type RedisAddress,
  RedisLink,
  type RedisSource,
  redisAddress,
  redisClient,
  redisPrefix,
  within,
} from '../../redis/index.js';
import type { ForgetListener, Invalidations } from '../invalidations.js';

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
 * const invalidations = redisInvalidations({ url: 'redis://127.0.0.1:6379', prefix: 'lms-prod' });
 * const lms = await createLms({ storage, key, invalidations });
 * ```
 *
 * Connects when it first has something to tell, or something is remembered longer; one of it serves one store, which closes it.
 * @throws LmsError `CONFIG_INVALID`
 */
export function redisInvalidations({ prefix, ...source }: RedisInvalidationsOptions): Invalidations {
  return new RedisInvalidations(redisAddress(source), `${redisPrefix(prefix)}:forget`);
}

/** Published to find out whether that can be done: nobody forgets anything. */
const nothing = '';

class RedisInvalidations implements Invalidations {
  readonly #address: RedisAddress;
  readonly #channel: string;
  readonly #listeners: Set<ForgetListener> = new Set();
  readonly #sending: Set<Promise<unknown>> = new Set();
  readonly #sender: RedisLink;
  #receiver: Promise<Redis> | null = null;
  #asking: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(address: RedisAddress, channel: string) {
    this.#address = address;
    this.#channel = channel;
    this.#sender = new RedisLink(address);
  }

  async open(): Promise<void> {
    await loadIoredis();
  }

  publish(group: string): void {
    if (this.#isClosed) return;
    const sending: Promise<unknown> = this.#sender
      .client()
      .then((client) => client.publish(this.#channel, group))
      // Others forget by themselves, a lifetime later.
      .catch(() => this.#sender.renew())
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  listen(listener: ForgetListener): void {
    if (this.#isClosed) return;
    this.#listeners.add(listener);
    this.#receiver ??= this.#subscribe();
    this.#receiver.catch(() => undefined);
  }

  async check(): Promise<Finding> {
    const { problem } = await this.#sender.asked((client) => client.publish(this.#channel, nothing));
    const { label } = this.#sender;
    if (problem === null) return { name: 'cache', ok: true, message: `${label} tells other processes of changes` };
    const meanwhile = 'changes made by other processes show a little later meanwhile';
    return { name: 'cache', ok: false, message: `${label} does not answer (${problem}); ${meanwhile}` };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    clearInterval(this.#asking);
    await within(lastSendMillis, Promise.all(this.#sending)).catch(() => undefined);
    await this.#sender.close();
    (await this.#receiver?.catch(() => null))?.disconnect();
  }

  async #subscribe(): Promise<Redis> {
    const client = await redisClient(this.#address, {
      commandTimeout: commandMillis,
      maxRetriesPerRequest: null,
      autoResubscribe: false,
    });
    client.on('message', (_channel: string, group: string) => {
      if (group !== nothing) this.#tell(group);
    });
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
