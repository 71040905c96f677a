import type { Queue } from 'bullmq';
import { loadOptional } from '../../kernel/index.js';
import { type RedisLink, within } from '../../redis/index.js';
import { Nap } from '../nap.js';

/** Between two rounds: what is told meanwhile goes together. */
const pauseMillis = 10;
const pauseAfterFailureMillis = 1_000;
const roundMillis = 3_000;
const lastSendMillis = 1_000;
/** Events that BullMQ keeps for whoever watches its queues. */
const keptEvents = 100;

/** Puts wakes into the queues of their kinds. What could not be sent is kept, one for each kind, and sent when Redis is back. */
export class WakeSender {
  readonly #link: RedisLink;
  readonly #prefix: string;
  readonly #unsent: Set<string> = new Set();
  readonly #queues: Map<string, Queue> = new Map();
  #sending: Promise<void> | null = null;
  #told: (() => void)[] = [];
  readonly #nap = new Nap();
  #isClosed = false;

  constructor(link: RedisLink, prefix: string) {
    this.#link = link;
    this.#prefix = prefix;
  }

  /** @returns when they were sent, or could not be for now */
  send(kinds: readonly string[]): Promise<void> {
    if (this.#isClosed || kinds.length === 0) return Promise.resolve();
    for (const kind of kinds) this.#unsent.add(kind);
    return new Promise((resolve) => {
      this.#told.push(resolve);
      this.#sending ??= this.#sendAll();
    });
  }

  /** Sends what waits, for a second at most, and the link with it. */
  async close(): Promise<void> {
    if (this.#sending !== null) await within(lastSendMillis, this.#sending).catch(() => undefined);
    this.#isClosed = true;
    this.#nap.rouse();
    await this.#link.close();
  }

  async #sendAll(): Promise<void> {
    while (this.#unsent.size > 0 && !this.#isClosed) {
      const kinds = [...this.#unsent];
      const told = this.#told;
      this.#unsent.clear();
      this.#told = [];
      const isSent = await this.#sendRound(kinds);
      for (const tell of told) tell();
      await this.#nap.for(isSent ? pauseMillis : pauseAfterFailureMillis);
    }
    // At once: whoever tells something from here on begins anew.
    this.#sending = null;
    for (const tell of this.#told.splice(0)) tell();
  }

  async #sendRound(kinds: readonly string[]): Promise<boolean> {
    try {
      await within(roundMillis, this.#sendTo(kinds));
      return true;
    } catch {
      for (const kind of kinds) this.#unsent.add(kind);
      await this.#startAnew();
      return false;
    }
  }

  async #sendTo(kinds: readonly string[]): Promise<void> {
    const client = await this.#link.client();
    // A queue that is made while there is no link would wait for one, and so would each after it.
    if (client.status !== 'ready') await client.ping();
    await Promise.all(kinds.map((kind) => this.#sendOne(kind)));
  }

  /** A queue whose first words to the server failed says no others. */
  async #startAnew(): Promise<void> {
    for (const queue of this.#queues.values()) void queue.close().catch(() => undefined);
    this.#queues.clear();
    await this.#link.renew();
  }

  /** Of a kind one wake waits at most: whoever takes it looks after it was taken, and so sees what was committed until now. */
  async #sendOne(kind: string): Promise<void> {
    const queue = await this.#queueOf(kind);
    if ((await queue.getWaitingCount()) > 0) return;
    await queue.add('wake', {}, { removeOnComplete: true, removeOnFail: true });
  }

  async #queueOf(kind: string): Promise<Queue> {
    const known = this.#queues.get(kind);
    if (known !== undefined) return known;
    const { Queue: BullQueue } = await loadOptional('bullmq', () => import('bullmq'));
    const connection = await this.#link.client();
    const queue = new BullQueue(kind, {
      connection,
      prefix: this.#prefix,
      streams: { events: { maxLen: keptEvents } },
    });
    queue.on('error', () => undefined);
    this.#queues.set(kind, queue);
    return queue;
  }
}
