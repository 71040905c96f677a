import { type Clock, LmsError } from '../kernel/index.js';
import { type AdmittedCall, CircuitBreaker } from './circuit-breaker.js';
import type { ResolvedTarget } from './outbound-target.js';
import { TokenBucket } from './token-bucket.js';
import { Turnstile } from './turnstile.js';

/** One try that may be made now. */
export interface Admission {
  /** Gives the place back; told once how the try ended. */
  end(outcome: Parameters<AdmittedCall['end']>[0]): void;
}

/** What this process remembers of one target: how many calls run, how fast they come, how it fares. */
export class TargetGate {
  readonly #target: ResolvedTarget;
  readonly #turnstile: Turnstile;
  readonly #breaker: CircuitBreaker;
  readonly #bucket: TokenBucket | null;

  constructor(target: ResolvedTarget, clock: Clock) {
    this.#target = target;
    this.#turnstile = new Turnstile(target.concurrency);
    this.#breaker = new CircuitBreaker(target.breaker, clock);
    this.#bucket = target.rate === null ? null : new TokenBucket(target.rate, clock);
  }

  /**
   * Waits for a turn; then the target must not be down, and there must be a token.
   * @throws LmsError `OUTBOUND_CIRCUIT_OPEN`, `OUTBOUND_RATE_LIMITED`, and the reason of the signal
   */
  async admit(signal: AbortSignal): Promise<Admission> {
    const leave = await this.#turnstile.enter(signal);
    if (leave === null) throw this.#limited(`${this.#target.concurrency.waiting} calls wait already`, {});
    const call = this.#breaker.admit();
    if ('refusedForMillis' in call) {
      leave();
      throw this.#down(call.refusedForMillis);
    }
    const missing = this.#bucket?.take() ?? 0;
    if (missing > 0) {
      call.end('spared');
      leave();
      throw this.#limited('calls come faster than its rate', { retryAfterMillis: missing });
    }
    return {
      end(outcome) {
        call.end(outcome);
        leave();
      },
    };
  }

  #down(retryAfterMillis: number): LmsError {
    return new LmsError('OUTBOUND_CIRCUIT_OPEN', {
      message: `target ${this.#target.name} kept failing and is left alone for ${Math.ceil(retryAfterMillis / 1000)} s; nothing was sent`,
      details: { target: this.#target.name, retryAfterMillis },
    });
  }

  #limited(reason: string, details: Readonly<Record<string, unknown>>): LmsError {
    return new LmsError('OUTBOUND_RATE_LIMITED', {
      message: `target ${this.#target.name}: ${reason}; nothing was sent`,
      details: { target: this.#target.name, ...details },
    });
  }
}
