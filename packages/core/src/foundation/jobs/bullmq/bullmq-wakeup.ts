import { LmsError } from '../../kernel/index.js';
import { loadIoredis, loadOptional, type RedisAddress, type RedisSource, redisAddress } from '../../redis/index.js';
import { LocalWakeup, type WakeListener, type Wakeup, type WakeupFinding } from '../queue/wakeup.js';
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
 * const lms = await createLms({ storage, key, jobs: { wakeup: bullmqWakeup({ url: process.env.LMS_REDIS_URL }) } });
 * ```
 *
 * Connects when it first has something to tell, or a worker starts; one of it serves one store, which closes it.
 * @throws LmsError `CONFIG_INVALID`
 */
export function bullmqWakeup({ prefix = 'lms', ...source }: BullmqWakeupOptions): Wakeup {
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(prefix)) {
    const message = 'the prefix in Redis is not one; expected 1 to 100 letters, digits, points, dashes and underscores';
    throw new LmsError('CONFIG_INVALID', { message, path: 'redis.prefix' });
  }
  return new BullmqWakeup(redisAddress(source), prefix);
}

class BullmqWakeup implements Wakeup {
  readonly #address: RedisAddress;
  readonly #prefix: string;
  readonly #local: LocalWakeup = new LocalWakeup();
  readonly #sender: WakeSender;
  readonly #receivers: Set<WakeReceiver> = new Set();
  readonly #closing: Set<Promise<void>> = new Set();

  constructor(address: RedisAddress, prefix: string) {
    this.#address = address;
    this.#prefix = prefix;
    this.#sender = new WakeSender(address, prefix);
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
    const receiver = new WakeReceiver(this.#address, this.#prefix, kinds, listener);
    this.#receivers.add(receiver);
    return () => {
      stopLocal();
      this.#stop(receiver);
    };
  }

  async check(): Promise<WakeupFinding> {
    const { problem, millis } = await this.#sender.ping();
    const { label } = this.#address;
    if (problem === null) return { name: 'wake-up', ok: true, message: `${label} answers in ${millis} ms` };
    const meanwhile = 'workers find jobs with their next look meanwhile, and none is lost';
    return { name: 'wake-up', ok: false, message: `${label} does not answer (${problem}); ${meanwhile}` };
  }

  async close(): Promise<void> {
    await this.#local.close();
    for (const receiver of this.#receivers) this.#stop(receiver);
    await Promise.all([this.#sender.close(), ...this.#closing]);
  }

  #stop(receiver: WakeReceiver): void {
    if (!this.#receivers.delete(receiver)) return;
    const closing: Promise<void> = receiver.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
