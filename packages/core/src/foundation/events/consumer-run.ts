import { errorCode } from '../jobs/index.js';
import { LmsError, toInstant } from '../kernel/index.js';
import type { CheckedConsumer } from './consumer.js';
import { ConsumerLease, type ConsumerLeasePorts, longestMillis } from './consumer-lease.js';
import type { EventFeed } from './event-feed.js';
import type { ConsumerErrorListener } from './event-settings.js';
import type { FeedEvent } from './feed-event.js';

export interface ConsumerRunPorts extends ConsumerLeasePorts {
  readonly feed: EventFeed;
  readonly leaseMillis: number;
  /** A name that no other run has. */
  readonly holder: string;
  readonly onError?: ConsumerErrorListener;
}

export interface ConsumerRunOptions {
  /** Events at most. */
  readonly limit: number;
  /** Begins nothing more once aborted. */
  readonly stop: AbortSignal;
  /** Waits for the handler no longer once aborted. */
  readonly cut: AbortSignal;
}

export interface ConsumerRunReport {
  readonly handled: number;
  /** Tries that failed. */
  readonly failed: number;
}

const pageSize = 500;
/** How often a checkpoint is written while events are handled: what a process that is killed has done since is done again. */
const checkpointMillis = 1_000;
const firstPauseMillis = 1_000;

/** Why a handler is not waited for any longer, when that is no fault of its own. */
class Interrupted extends Error {}

/**
 * Takes a consumer, if nobody has it, through the events that wait for it, and lets go of it. The checkpoint is written behind the
 * handler, so that what was not handled is delivered again whoever dies when.
 */
export async function runConsumer(
  ports: ConsumerRunPorts,
  consumer: CheckedConsumer,
  options: ConsumerRunOptions,
): Promise<ConsumerRunReport> {
  const { leaseMillis, holder } = ports;
  const lease = await ConsumerLease.claim(ports, { name: consumer.name, holder, leaseMillis });
  if (lease === null) return { handled: 0, failed: 0 };
  // A store that is away is tried again with the next sign of life; the lease tells who has the consumer meanwhile.
  const beats = setInterval(() => void lease.save().catch(() => undefined), Math.ceil(leaseMillis / 3));
  try {
    return await new Progress(ports, consumer, lease, options).run();
  } finally {
    clearInterval(beats);
    await lease.release();
  }
}

class Progress {
  readonly #feed: EventFeed;
  readonly #ports: ConsumerRunPorts;
  readonly #consumer: CheckedConsumer;
  readonly #lease: ConsumerLease;
  readonly #options: ConsumerRunOptions;
  /** Handled so far, and not all of it written yet. */
  #position: number;
  /** Events up to here failed together and are handled one by one, so that one holds up none before it. */
  #aloneThrough = 0;
  #writtenAt: number = performance.now();
  #handled = 0;
  #failed = 0;

  constructor(ports: ConsumerRunPorts, consumer: CheckedConsumer, lease: ConsumerLease, options: ConsumerRunOptions) {
    this.#ports = ports;
    this.#feed = ports.feed;
    this.#consumer = consumer;
    this.#lease = lease;
    this.#options = options;
    this.#position = lease.consumer.position;
  }

  async run(): Promise<ConsumerRunReport> {
    while (this.#mayGoOn() && this.#handled < this.#options.limit) {
      const limit = Math.min(pageSize, this.#options.limit - this.#handled);
      const { types } = this.#consumer;
      const page = await this.#feed.page({ after: this.#position, limit, ...(types === null ? {} : { types }) });
      if (page.next <= this.#position) break;
      if (!(await this.#handlePage(page.events))) break;
      // Past what is none of its types, too.
      this.#position = page.next;
      if (!(await this.#write())) break;
    }
    return { handled: this.#handled, failed: this.#failed };
  }

  /** Of the next event. */
  get #attempts(): number {
    const { position, attempts } = this.#lease.consumer;
    return position === this.#position ? attempts : 0;
  }

  #mayGoOn(): boolean {
    return !this.#options.stop.aborted && !this.#lease.lost.aborted;
  }

  /** @returns false when the events were not all handled; what was is written then */
  async #handlePage(events: readonly FeedEvent[]): Promise<boolean> {
    for (let at = 0; at < events.length; ) {
      if (!this.#mayGoOn()) return this.#write().then(() => false);
      const isAlone = this.#attempts > 0 || this.#position < this.#aloneThrough;
      const size = isAlone ? 1 : this.#consumer.batchSize;
      const handled = await this.#handle(events.slice(at, at + size));
      if (handled === 0) return false;
      at += handled;
      if (performance.now() - this.#writtenAt >= checkpointMillis && !(await this.#write())) return false;
    }
    return true;
  }

  /** Several events that fail together are handled one by one at once. @returns how many were handled */
  async #handle(events: readonly FeedEvent[]): Promise<number> {
    const [first] = events;
    if (first === undefined) return 0;
    try {
      await this.#call(events);
    } catch (error) {
      if (error instanceof Interrupted) return this.#write().then(() => 0);
      this.#tell(events, error);
      if (events.length > 1) {
        this.#aloneThrough = events.at(-1)?.position ?? 0;
        return this.#mayGoOn() ? this.#handle([first]) : this.#write().then(() => 0);
      }
      await this.#remember(first, error);
      return 0;
    }
    this.#position = events.at(-1)?.position ?? this.#position;
    this.#handled += events.length;
    return events.length;
  }

  /** @throws what the handler throws, `CONSUMER_TIMEOUT`, {@link Interrupted} */
  async #call(events: readonly FeedEvent[]): Promise<void> {
    const { name, timeoutMillis, handle } = this.#consumer;
    const attempts = this.#attempts;
    const ending = new AbortController();
    let end: (reason: Error) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      end = (reason) => {
        ending.abort();
        reject(reason);
      };
    });
    const timer = setTimeout(() => end(tooLate(name, timeoutMillis)), timeoutMillis);
    const interrupt = (): void => end(new Interrupted());
    const interrupters = [this.#options.cut, this.#lease.lost];
    for (const each of interrupters) each.addEventListener('abort', interrupt);
    if (interrupters.some(({ aborted }) => aborted)) interrupt();
    try {
      // One that goes on in spite of its signal is not waited for; what it still does is done again.
      const context = { consumer: name, attempts, signal: ending.signal };
      await Promise.race([ended, this.#guarded(() => handle(events, context))]);
    } finally {
      clearTimeout(timer);
      for (const each of interrupters) each.removeEventListener('abort', interrupt);
    }
  }

  /** A handler that is no async function may throw at once. */
  async #guarded(work: () => Promise<unknown>): Promise<void> {
    await work();
  }

  async #write(): Promise<boolean> {
    if (this.#lease.consumer.position === this.#position) return !this.#lease.lost.aborted;
    this.#writtenAt = performance.now();
    const noFailure = { attempts: 0, retryAt: null, lastError: null, failedPosition: null };
    return this.#lease.save({ position: this.#position, ...noFailure });
  }

  /** Tells whoever listens in this process; the store keeps the code alone. */
  #tell(events: readonly FeedEvent[], error: unknown): void {
    try {
      this.#ports.onError?.(error, { consumer: this.#consumer.name, events });
    } catch {
      // Whoever listens must not end a consumer.
    }
  }

  async #remember(event: FeedEvent, error: unknown): Promise<void> {
    this.#failed += 1;
    const attempts = this.#attempts + 1;
    const { maxAttempts } = this.#consumer;
    const isOver = maxAttempts !== null && attempts >= maxAttempts;
    const pause = Math.min(longestMillis, firstPauseMillis * 2 ** Math.min(attempts - 1, 20));
    await this.#lease.save({
      position: this.#position,
      attempts,
      lastError: errorCode(error),
      failedPosition: event.position,
      retryAt: isOver ? null : toInstant(this.#ports.clock.now() + pause),
      status: isOver ? 'stopped' : 'running',
    });
  }
}

function tooLate(name: string, timeoutMillis: number): LmsError {
  return new LmsError('CONSUMER_TIMEOUT', {
    message: `the handler of the consumer ${name} took longer than ${timeoutMillis} ms`,
  });
}
