import type { Finding } from '../../kernel/index.js';

/**
 * Looks for jobs of these kinds.
 * @returns when it has looked and can take another job, or does not want to hear any more
 */
export type WakeListener = (kinds: readonly string[]) => Promise<void>;

/**
 * Tells workers that there are jobs, so that they need not wait for their next look. Nothing rests on it: a worker that hears nothing
 * looks by itself. So no method fails a command or keeps one waiting, whatever is away.
 */
export interface Wakeup {
  /** Loads what it needs; connects to nothing. @throws LmsError `DRIVER_MISSING` */
  open(): Promise<void>;
  /** Jobs of these kinds were committed: at least one worker that runs one of them looks afterwards, wherever it is. */
  notify(kinds: readonly string[]): void;
  /**
   * The worker that calls has just taken jobs of these kinds; there may be more, for others to take.
   * @returns when they were told, or could not be
   */
  passOn(kinds: readonly string[]): Promise<void>;
  /** @returns what stops listening; afterwards the listener is not called */
  onWake(kinds: readonly string[], listener: WakeListener): () => void;
  /** Whether it is there; null where nothing can be away. */
  check(): Promise<Finding | null>;
  /** Sends what waits to be sent, for a second at most, and lets go of what it holds. */
  close(): Promise<void>;
}

/** Wakes the workers of this process. */
export class LocalWakeup implements Wakeup {
  readonly #listeners: Map<WakeListener, ReadonlySet<string>> = new Map();

  async open(): Promise<void> {}

  notify(kinds: readonly string[]): void {
    for (const [listener, wanted] of this.#listeners) {
      const known = kinds.filter((kind) => wanted.has(kind));
      if (known.length > 0) void listener(known);
    }
  }

  /** Whoever has taken one looks again by itself. */
  async passOn(): Promise<void> {}

  onWake(kinds: readonly string[], listener: WakeListener): () => void {
    const own: WakeListener = (known) => listener(known);
    this.#listeners.set(own, new Set(kinds));
    return () => this.#listeners.delete(own);
  }

  async check(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
