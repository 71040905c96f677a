import { type Finding, loadOptional } from '../../kernel/index.js';
import {
  loadIoredis,
  type RedisAddress,
  RedisLink,
  type RedisSource,
  redisAddress,
  redisPrefix,
} from '../../redis/index.js';
import { LocalWakeup, type WakeListener, type Wakeup } from '../queue/wakeup.js';
import { WakeReceiver } from './wake-receiver.js';
import { WakeSender } from './wake-sender.js';

export type BullmqWakeupOptions = RedisSource & {
  /** Begins every key in Redis; `lms` when absent. Stores that share a Redis need different ones. */
  readonly prefix?: string;
};

/**
 * Wakes workers of other machines through queues of BullMQ on a Redis of version 6.2 or later, one queue for each kind of jobs. Only the
 * kind goes there; jobs are rows of the ledger. While Redis is away jobs are found by the workers' own looks, and nobody waits for it.
 *
 * ```ts
 * const wakeup = bullmqWakeup({ url: 'redis://127.0.0.1:6379', prefix: 'lms-prod' });
 * const lms = await createLms({ storage, key, jobs: { wakeup } });
 * ```
 *
 * Connects when it first has something to tell, or a worker starts; one of it serves one store, which closes it.
 * @throws LmsError `CONFIG_INVALID`
 */
export function bullmqWakeup({ prefix, ...source }: BullmqWakeupOptions): Wakeup {
  return new BullmqWakeup(redisAddress(source), redisPrefix(prefix));
}

class BullmqWakeup implements Wakeup {
  readonly #address: RedisAddress;
  readonly #prefix: string;
  readonly #local: LocalWakeup = new LocalWakeup();
  readonly #link: RedisLink;
  readonly #sender: WakeSender;
  readonly #receivers: Set<WakeReceiver> = new Set();
  readonly #closing: Set<Promise<void>> = new Set();

  constructor(address: RedisAddress, prefix: string) {
    this.#address = address;
    this.#prefix = prefix;
    this.#link = new RedisLink(address);
    this.#sender = new WakeSender(this.#link, prefix);
  }

  async open(): Promise<void> {
    await loadOptional('bullmq', () => import('bullmq'));
    await loadIoredis();
  }

  notify(kinds: readonly string[]): void {
    this.#local.notify(kinds);
    void this.#sender.send(kinds);
  }

  passOn(kinds: readonly string[]): Promise<void> {
    return this.#sender.send(kinds);
  }

  onWake(kinds: readonly string[], listener: WakeListener): () => void {
    const stopLocal = this.#local.onWake(kinds, listener);
    const receiver = new WakeReceiver(this.#address, this.#prefix, kinds, {
      listener,
      putBack: (kind) => void this.#sender.send([kind]),
    });
    this.#receivers.add(receiver);
    return () => {
      stopLocal();
      this.#stop(receiver);
    };
  }

  async check(): Promise<Finding> {
    const { problem, millis } = await this.#link.asked((client) => client.ping());
    const { label } = this.#link;
    if (problem === null) return { name: 'wake-up', ok: true, message: `${label} answers in ${millis} ms` };
    const meanwhile = 'workers find jobs with their next look meanwhile, and none is lost';
    return { name: 'wake-up', ok: false, message: `${label} does not answer (${problem}); ${meanwhile}` };
  }

  async close(): Promise<void> {
    await this.#local.close();
    for (const receiver of this.#receivers) this.#stop(receiver);
    // They give back what they held.
    await Promise.all(this.#closing);
    await this.#sender.close();
  }

  #stop(receiver: WakeReceiver): void {
    if (!this.#receivers.delete(receiver)) return;
    const closing: Promise<void> = receiver.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
