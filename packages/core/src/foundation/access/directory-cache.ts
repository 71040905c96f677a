import type { Clock } from '../kernel/index.js';

interface Entry<Value> {
  readonly value: Value;
  readonly readAt: number;
}

/**
 * Remembers what was read from the directory for a short while, at most `capacity` entries. What another process writes
 * shows after at most `lifetimeMillis`; after {@link clear} nothing read before is given again.
 */
export class DirectoryCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #clock: Clock;
  readonly #lifetimeMillis: number;
  readonly #capacity: number;
  #generation = 0;

  constructor(clock: Clock, options: { readonly lifetimeMillis: number; readonly capacity: number }) {
    this.#clock = clock;
    this.#lifetimeMillis = options.lifetimeMillis;
    this.#capacity = options.capacity;
  }

  async get(key: string, read: () => Promise<Value>): Promise<Value> {
    const readAt = this.#clock.now();
    const entry = this.#entries.get(key);
    if (entry !== undefined && readAt >= entry.readAt && readAt - entry.readAt < this.#lifetimeMillis)
      return entry.value;
    const generation = this.#generation;
    const value = await read();
    if (generation === this.#generation) this.#keep(key, { value, readAt });
    return value;
  }

  clear(): void {
    this.#generation += 1;
    this.#entries.clear();
  }

  #keep(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size <= this.#capacity) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
