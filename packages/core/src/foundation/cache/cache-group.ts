import type { Clock } from '../kernel/index.js';
import type { Invalidations } from './invalidations.js';

interface Entry<Value> {
  readonly value: Value;
  readonly readAt: number;
}

export interface CacheGroupOptions {
  /** What the group is called when other processes are told to forget it. */
  readonly name: string;
  readonly lifetimeMillis: number;
  readonly capacity: number;
}

/**
 * Remembers what was read for a short while, at most `capacity` entries, those that were read last. What another process changes shows
 * after at most `lifetimeMillis`, and at once where {@link Invalidations} reach; after {@link forget} nothing is given whose
 * read began before.
 */
export class CacheGroup<Value> {
  readonly #clock: Clock;
  readonly #invalidations: Invalidations;
  readonly #options: CacheGroupOptions;
  readonly #entries: Map<string, Entry<Value>> = new Map();
  readonly #reading: Map<string, Promise<Value>> = new Map();
  #generation = 0;
  #isListening = false;

  constructor(ports: { readonly clock: Clock; readonly invalidations: Invalidations }, options: CacheGroupOptions) {
    this.#clock = ports.clock;
    this.#invalidations = ports.invalidations;
    this.#options = options;
  }

  /** What is remembered under the key, else what `read` gives; of callers at once one reads. What it throws is not remembered. */
  async get(key: string, read: () => Promise<Value>): Promise<Value> {
    const readAt = this.#clock.now();
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      if (readAt >= entry.readAt && readAt - entry.readAt < this.#options.lifetimeMillis) return entry.value;
      this.#listen();
    }
    const reading = this.#reading.get(key) ?? this.#read(key, readAt, read);
    return reading;
  }

  /** Forgets all that was read, and tells other processes to. */
  forget(): void {
    this.#clear();
    this.#invalidations.publish(this.#options.name);
  }

  #read(key: string, readAt: number, read: () => Promise<Value>): Promise<Value> {
    const generation = this.#generation;
    const reading: Promise<Value> = read()
      .then((value) => {
        if (generation === this.#generation) this.#keep(key, { value, readAt });
        return value;
      })
      .finally(() => {
        if (this.#reading.get(key) === reading) this.#reading.delete(key);
      });
    this.#reading.set(key, reading);
    return reading;
  }

  #clear(): void {
    this.#generation += 1;
    this.#entries.clear();
    this.#reading.clear();
  }

  /** From the first entry on that outlived its lifetime: a process that is soon over needs no news. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#invalidations.listen((group) => {
      if (group === null || group === this.#options.name) this.#clear();
    });
  }

  #keep(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size <= this.#options.capacity) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
