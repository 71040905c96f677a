import { LmsError } from '../foundation/kernel/index.js';

/** Counts running units, so that closing a store waits for them and refuses new ones. */
export class RunningUnits {
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  get isClosed(): boolean {
    return this.#closed;
  }

  /** @throws LmsError `STORE_CLOSED` */
  run<Result>(unit: () => Promise<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(storeClosed());
    const running = unit();
    this.#running.add(running);
    const forget = (): void => {
      this.#running.delete(running);
    };
    running.then(forget, forget);
    return running;
  }

  /** Refuses new units and waits for the running ones. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
  }
}

export function storeClosed(): LmsError {
  return new LmsError('STORE_CLOSED', { message: 'the store is closed' });
}
