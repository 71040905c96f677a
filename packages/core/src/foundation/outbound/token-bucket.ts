import type { Clock } from '../kernel/index.js';
import type { RatePolicy } from './outbound-target.js';

/** Lets `burst` calls through at once and `perSecond` on average. A clock that was set back gives and takes nothing; set forward again, it gives `burst` at most. */
export class TokenBucket {
  readonly #policy: RatePolicy;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;

  constructor(policy: RatePolicy, clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
    this.#tokens = policy.burst;
    this.#filledAt = clock.now();
  }

  /** 0 when a token was taken; else the milliseconds until there is one, and none was taken. */
  take(): number {
    const now = this.#clock.now();
    const gained = (Math.max(0, now - this.#filledAt) * this.#policy.perSecond) / 1000;
    this.#tokens = Math.min(this.#policy.burst, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#tokens) * 1000) / this.#policy.perSecond);
  }
}
