/**
 * Tells workers that there are jobs, so that they need not wait for their next look. Nothing rests on it: a worker that hears nothing
 * looks by itself.
 */
export interface Wakeup {
  /** Jobs of these kinds were committed. */
  notify(kinds: readonly string[]): void;
  /** @returns what stops listening */
  onWake(listener: (kinds: readonly string[]) => void): () => void;
}

/** Wakes the workers of this process. */
export class LocalWakeup implements Wakeup {
  readonly #listeners: Set<(kinds: readonly string[]) => void> = new Set();

  notify(kinds: readonly string[]): void {
    for (const listener of this.#listeners) listener(kinds);
  }

  onWake(listener: (kinds: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
