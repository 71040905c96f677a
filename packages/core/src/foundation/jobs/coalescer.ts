import { LmsError } from '../kernel/index.js';

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hands items to `handle` in batches, one batch at a time: what arrives while a batch is under way goes into the next. When
 * a batch of several fails, its items are handled one by one, so that one bad item fails alone; but where the error is
 * retryable (the server is down) the whole batch fails with it.
 */
export class Coalescer<Item> {
  readonly #limit: number;
  readonly #handle: (items: readonly Item[]) => Promise<void>;
  #waiting: Waiting<Item>[] = [];
  #running: Promise<void> | null = null;

  constructor(limit: number, handle: (items: readonly Item[]) => Promise<void>) {
    this.#limit = limit;
    this.#handle = handle;
  }

  /** Resolves when the item has been handled; rejects with its own failure. */
  add(item: Item): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#running ??= this.#work();
    });
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #work(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, this.#limit);
      this.#waiting = this.#waiting.slice(batch.length);
      await this.#handleBatch(batch);
    }
    this.#running = null;
  }

  async #handleBatch(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#handle(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1 || (LmsError.isInstance(error) && error.retryable)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const one of batch) await this.#handleBatch([one]);
    }
  }
}
