import { type Instant, LmsError } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';
import type { DataKeyStore, StoredDataKey } from './data-key-store.js';
import type { DataKey, Vault } from './vault.js';

const mostIdsACall = 10_000;

/** What is left of the key of an aggregate that was erased. */
export interface ErasedKey {
  readonly destroyedAt: Instant;
}

/** Whether the data key is there no more. */
export function isErased(key: DataKey | ErasedKey): key is ErasedKey {
  return 'destroyedAt' in key;
}

/** The data keys of aggregates, made, found and destroyed in the store. */
export class DataKeyRing {
  readonly #vault: Vault;
  readonly #store: DataKeyStore;

  constructor(vault: Vault, store: DataKeyStore) {
    this.#vault = vault;
    this.#store = store;
  }

  /** Makes and inserts the keys of new aggregates, in the unit that inserts them. */
  async create(unit: Unit, kind: string, ids: readonly string[]): Promise<ReadonlyMap<string, DataKey>> {
    const made = ids.map((id) => this.#vault.createDataKey(kind, id));
    if (made.length > 0) {
      await this.#store.insert(
        unit,
        made.map(({ stored }) => stored),
      );
    }
    return new Map(made.map(({ key }) => [key.id, key]));
  }

  /**
   * The open keys of many aggregates by id, for a page of a list. Aggregates that were erased, or that never had a key, are
   * not in the map: their personal data cannot be shown.
   * @throws LmsError `KEY_INVALID`, `ENVELOPE_INVALID`
   */
  async keysFor(unit: Unit | null, kind: string, ids: readonly string[]): Promise<ReadonlyMap<string, DataKey>> {
    const keys = new Map<string, DataKey>();
    for (const stored of await this.#find(unit, kind, ids)) {
      if (stored.destroyedAt === null) keys.set(stored.id, this.#vault.openDataKey(stored));
    }
    return keys;
  }

  /**
   * The open key of each aggregate that has one, by id, and of those that were erased when they were.
   * @throws LmsError `KEY_INVALID`, `ENVELOPE_INVALID`
   */
  async keptKeys(
    unit: Unit | null,
    kind: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, DataKey | ErasedKey>> {
    const found = await this.#find(unit, kind, ids);
    return new Map(
      found.map((stored) => [
        stored.id,
        stored.destroyedAt === null ? this.#vault.openDataKey(stored) : { destroyedAt: stored.destroyedAt },
      ]),
    );
  }

  /**
   * The same of one aggregate.
   * @throws LmsError `STORE_CORRUPT` when it has no key at all, `KEY_INVALID`, `ENVELOPE_INVALID`
   */
  async keptKey(unit: Unit | null, kind: string, id: string): Promise<DataKey | ErasedKey> {
    const key = (await this.keptKeys(unit, kind, [id])).get(id);
    if (key !== undefined) return key;
    throw new LmsError('STORE_CORRUPT', { message: `the data key of ${kind} ${id} is not in the store` });
  }

  /**
   * The open key of one aggregate.
   * @throws LmsError `KEY_DESTROYED` when it was erased, `STORE_CORRUPT` when it has no key at all, `KEY_INVALID`,
   * `ENVELOPE_INVALID`
   */
  async keyFor(unit: Unit | null, kind: string, id: string): Promise<DataKey> {
    const [stored] = await this.#store.find(unit, kind, [id]);
    if (stored === undefined) {
      throw new LmsError('STORE_CORRUPT', { message: `the data key of ${kind} ${id} is not in the store` });
    }
    return this.#vault.openDataKey(stored);
  }

  /** Erases what was sealed for the aggregate, everywhere and for good. Doing it twice is no error. */
  async destroy(unit: Unit, kind: string, id: string, at: Instant): Promise<void> {
    await this.#store.destroy(unit, kind, id, at);
  }

  async #find(unit: Unit | null, kind: string, ids: readonly string[]): Promise<readonly StoredDataKey[]> {
    const wanted = [...new Set(ids)];
    const found: StoredDataKey[] = [];
    for (let start = 0; start < wanted.length; start += mostIdsACall) {
      found.push(...(await this.#store.find(unit, kind, wanted.slice(start, start + mostIdsACall))));
    }
    return found;
  }
}
