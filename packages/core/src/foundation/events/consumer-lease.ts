import { type Clock, type Instant, toInstant } from '../kernel/index.js';
import type { UnitOfWork } from '../persistence/index.js';
import type { ConsumerStore, StoredConsumer } from './consumer-store.js';

export interface ConsumerLeasePorts {
  readonly consumers: ConsumerStore;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

export interface LeaseRequest {
  readonly name: string;
  readonly holder: string;
  readonly leaseMillis: number;
}

/** No lease and no pause is longer: one that ends later was written by a clock that was set back since. */
export const longestMillis = 300_000;

/**
 * One process has a consumer: until its lease ends, which it renews, or until somebody changes the consumer by hand. Whoever has lost it
 * writes nothing more, whatever it still believes.
 */
export class ConsumerLease {
  readonly #ports: ConsumerLeasePorts;
  readonly #request: LeaseRequest;
  #mine: StoredConsumer;
  #writing: Promise<unknown> = Promise.resolve();
  readonly #lost = new AbortController();

  private constructor(ports: ConsumerLeasePorts, request: LeaseRequest, mine: StoredConsumer) {
    this.#ports = ports;
    this.#request = request;
    this.#mine = mine;
  }

  /** null when the consumer is not there, is paused, stopped or not due yet, or another process has it. */
  static async claim(ports: ConsumerLeasePorts, request: LeaseRequest): Promise<ConsumerLease | null> {
    const { consumers, unitOfWork, clock } = ports;
    const mine = await unitOfWork.run('ledger', async (unit) => {
      const found = await consumers.get(unit, request.name);
      if (found === null || !isFree(found, clock.now())) return null;
      const next: StoredConsumer = { ...found, ...leaseOf(request, clock.now()), fence: found.fence + 1 };
      return (await consumers.save(unit, next, found.fence)) ? next : null;
    });
    return mine && new ConsumerLease(ports, request, mine);
  }

  /** The consumer as this process last wrote it. */
  get consumer(): StoredConsumer {
    return this.#mine;
  }

  /** Aborted once somebody else has the consumer, or has changed it. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Writes a change and renews the lease. @returns false when it is lost; nothing was written then */
  save(
    change: Partial<Omit<StoredConsumer, 'name' | 'id' | 'fence' | 'holder' | 'leaseUntil'>> = {},
  ): Promise<boolean> {
    return this.#write((now) => ({ ...change, ...leaseOf(this.#request, now) }));
  }

  /** Lets go of the consumer, with a last change. */
  release(
    change: Partial<Omit<StoredConsumer, 'name' | 'id' | 'fence' | 'holder' | 'leaseUntil'>> = {},
  ): Promise<boolean> {
    return this.#write(() => ({ ...change, holder: null, leaseUntil: null }));
  }

  /** One after the other, each over what the one before wrote. */
  #write(changeAt: (now: number) => Partial<StoredConsumer>): Promise<boolean> {
    const { consumers, unitOfWork, clock } = this.#ports;
    const written = this.#writing.then(async () => {
      if (this.#lost.signal.aborted) return false;
      const now = clock.now();
      const next = { ...this.#mine, ...changeAt(now), updatedAt: toInstant(now) };
      if (await unitOfWork.run('ledger', (unit) => consumers.save(unit, next, this.#mine.fence))) {
        this.#mine = next;
        return true;
      }
      this.#lost.abort();
      return false;
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

/** Whether a process may claim the consumer now. */
export function isFree({ status, holder, leaseUntil, retryAt }: StoredConsumer, now: number): boolean {
  if (status !== 'running') return false;
  return !isAhead(retryAt, now) && (holder === null || !isAhead(leaseUntil, now));
}

function isAhead(instant: Instant | null, now: number): boolean {
  if (instant === null) return false;
  const millis = Date.parse(instant) - now;
  return millis > 0 && millis <= longestMillis;
}

function leaseOf({ holder, leaseMillis }: LeaseRequest, now: number): Pick<StoredConsumer, 'holder' | 'leaseUntil'> {
  return { holder, leaseUntil: toInstant(now + leaseMillis) };
}
