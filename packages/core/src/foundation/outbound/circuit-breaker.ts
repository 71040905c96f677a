import type { Clock } from '../kernel/index.js';
import type { BreakerPolicy } from './outbound-target.js';

/** One call that the breaker let through; its end is told once. */
export interface AdmittedCall {
  /** @param outcome `spared` when it says nothing of the target: refused before it was sent, or stopped by the caller */
  end(outcome: 'succeeded' | 'failed' | 'spared'): void;
}

const slices = 10;

interface Slice {
  readonly number: number;
  calls: number;
  failures: number;
}

/**
 * Stops calls to a target that fails: closed while the share of failures in the window is small, then open for a time, then one
 * call at a time is a probe; the first that succeeds closes it, one that fails opens it again.
 */
export class CircuitBreaker {
  readonly #policy: BreakerPolicy;
  readonly #clock: Clock;
  #slices: Slice[] = [];
  /** Null while closed. */
  #openedAt: number | null = null;
  #probing = false;

  constructor(policy: BreakerPolicy, clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
  }

  get state(): 'closed' | 'open' | 'half-open' {
    if (this.#openedAt === null) return 'closed';
    return this.#remaining(this.#openedAt) > 0 ? 'open' : 'half-open';
  }

  /** The call, or for how many milliseconds none is made: 0 while a probe is under way. */
  admit(): AdmittedCall | { readonly refusedForMillis: number } {
    if (this.#openedAt === null) return this.#admitted(false);
    const remaining = this.#remaining(this.#openedAt);
    if (remaining > 0 || this.#probing) return { refusedForMillis: Math.max(0, remaining) };
    this.#probing = true;
    return this.#admitted(true);
  }

  #admitted(isProbe: boolean): AdmittedCall {
    let isOpen = true;
    return {
      end: (outcome) => {
        if (!isOpen) return;
        isOpen = false;
        if (isProbe) this.#endProbe(outcome);
        else if (outcome !== 'spared' && this.#openedAt === null) this.#count(outcome === 'failed');
      },
    };
  }

  #endProbe(outcome: 'succeeded' | 'failed' | 'spared'): void {
    this.#probing = false;
    if (outcome === 'failed') this.#openedAt = this.#clock.now();
    if (outcome === 'succeeded') this.#close();
  }

  #close(): void {
    this.#openedAt = null;
    this.#slices = [];
  }

  #count(failed: boolean): void {
    const number = Math.floor(this.#clock.now() / (this.#policy.windowMillis / slices));
    // A clock that was set back makes later slices strangers: they are dropped like those that are too old.
    this.#slices = this.#slices.filter((slice) => slice.number <= number && slice.number > number - slices);
    let current = this.#slices.find((slice) => slice.number === number);
    if (current === undefined) {
      current = { number, calls: 0, failures: 0 };
      this.#slices.push(current);
    }
    current.calls += 1;
    if (failed) current.failures += 1;
    this.#openWhenFailing();
  }

  #openWhenFailing(): void {
    const calls = this.#slices.reduce((sum, slice) => sum + slice.calls, 0);
    const failures = this.#slices.reduce((sum, slice) => sum + slice.failures, 0);
    if (calls < this.#policy.minimumCalls || failures / calls < this.#policy.failureRatio) return;
    this.#openedAt = this.#clock.now();
  }

  /** A clock that was set back keeps it open no longer than the policy says from now. */
  #remaining(openedAt: number): number {
    const passed = this.#clock.now() - openedAt;
    if (passed < 0) this.#openedAt = this.#clock.now();
    return this.#policy.openMillis - Math.max(0, passed);
  }
}
