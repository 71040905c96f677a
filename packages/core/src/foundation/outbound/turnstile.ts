import type { ConcurrencyPolicy } from './outbound-target.js';

/** So many at once, and so many who wait, in the order in which they came. */
export class Turnstile {
  readonly #policy: ConcurrencyPolicy;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(policy: ConcurrencyPolicy) {
    this.#policy = policy;
  }

  /**
   * Resolves when it is the caller's turn, with what gives the turn back (calling that twice does nothing more); null when too many
   * wait already.
   * @throws the reason of the signal, once it is aborted while waiting
   */
  async enter(signal: AbortSignal): Promise<(() => void) | null> {
    signal.throwIfAborted();
    if (this.#inside >= this.#policy.calls) {
      if (this.#waiting.length >= this.#policy.waiting) return null;
      await this.#turn(signal);
    } else {
      this.#inside += 1;
    }
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#leave();
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(enter);
    });
  }

  /** Whoever leaves hands the place on, so that nobody who comes now passes those who wait. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inside -= 1;
    else next();
  }
}
