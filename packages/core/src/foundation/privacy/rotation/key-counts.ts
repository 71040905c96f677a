import type { MasterKeys } from '../master-keys.js';

/** What one master key of a store wraps. */
export interface MasterKeyUse {
  /** The first 16 hexadecimal digits of SHA-256 of the key. */
  readonly id: string;
  /** Whether this process was given it. What another wraps cannot be read. */
  readonly given: boolean;
  /** Whether it wraps what is new. */
  readonly first: boolean;
  /** Keys of the whole store: for look-ups, for the head of the trail, for secrets of webhooks. */
  readonly storeKeys: number;
  /** Keys of aggregates, without those that are destroyed. */
  readonly dataKeys: number;
}

export interface KeyUse {
  /** Each that was given or wraps something; the first first. */
  readonly masterKeys: readonly MasterKeyUse[];
  /** Data keys that are destroyed: no master key wraps them. */
  readonly destroyed: number;
}

/** How far a walk over all keys is. */
export interface KeyProgress {
  /** Keys that this walk has looked at. */
  readonly looked: number;
  /** Keys that were wrapped anew until now. */
  readonly rewrapped: number;
}

export interface KeyWalkOptions {
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: KeyProgress) => void;
}

/** Counts what each master key wraps. */
export class KeyCounts {
  readonly #masterKeys: MasterKeys;
  readonly #storeKeys = new Map<string, number>();
  readonly #dataKeys = new Map<string, number>();
  destroyed = 0;

  constructor(masterKeys: MasterKeys) {
    this.#masterKeys = masterKeys;
  }

  addStoreKey(masterKeyId: string): void {
    this.#storeKeys.set(masterKeyId, (this.#storeKeys.get(masterKeyId) ?? 0) + 1);
  }

  addDataKey(masterKeyId: string): void {
    this.#dataKeys.set(masterKeyId, (this.#dataKeys.get(masterKeyId) ?? 0) + 1);
  }

  get use(): KeyUse {
    const { first, ids } = this.#masterKeys;
    const all = new Set([...ids, ...[...this.#storeKeys.keys(), ...this.#dataKeys.keys()].sort()]);
    const masterKeys = [...all].map(
      (id): MasterKeyUse => ({
        id,
        given: ids.includes(id),
        first: id === first.id,
        storeKeys: this.#storeKeys.get(id) ?? 0,
        dataKeys: this.#dataKeys.get(id) ?? 0,
      }),
    );
    return { masterKeys, destroyed: this.destroyed };
  }
}

/** Whether nothing is wrapped by another key than the first. */
export function onlyFirstWraps({ masterKeys }: KeyUse): boolean {
  return masterKeys.every(({ first, storeKeys, dataKeys }) => first || storeKeys + dataKeys === 0);
}
