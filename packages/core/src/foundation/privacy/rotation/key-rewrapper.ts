import { setImmediate as nextTurn } from 'node:timers/promises';
import { hasCode } from '../../kernel/index.js';
import type { UnitOfWork } from '../../persistence/index.js';
import type {
  DataKeyPlace,
  DataKeyStore,
  RewrappedDataKey,
  RewrappedStoreKey,
  StoredDataKey,
  StoredStoreKey,
  StoreKeyStore,
} from '../data-key-store.js';
import { storeKeyWrappedAs } from '../store-key.js';
import { dataKeyWrappedAs, type Vault } from '../vault.js';
import { KeyCounts, type KeyUse, type KeyWalkOptions } from './key-counts.js';

export interface RewrapperPorts {
  readonly vault: Vault;
  readonly dataKeys: DataKeyStore;
  readonly storeKeys: StoreKeyStore;
  readonly unitOfWork: UnitOfWork;
}

/** What one walk over all keys found and did. */
export interface KeyWalk extends KeyUse {
  /** Keys that another master key than the first wrapped, and the first wraps now; of a dry run those that it would. */
  readonly rewrapped: number;
  /** Keys that somebody else changed between reading and writing them. */
  readonly lost: number;
  /** Keys that do not open although their master key was given: somebody changed them. The first 100, as `kind id`. */
  readonly damaged: readonly string[];
  readonly damagedCount: number;
  /** false when it was stopped. */
  readonly finished: boolean;
}

/** Counts only; opens all keys as well, and changes none; or changes what other master keys than the first wrap. */
export type WalkMode = 'count' | 'try' | 'rewrap';

const pageSize = 1_000;
const keysOfUnit = 100;
const mostDamagedNamed = 100;

/** What takes the place of a key as it was read. */
type Rewrapped = Omit<RewrappedStoreKey, 'name'>;

/**
 * Walks over every key of a store, the keys of the whole store first: a process without the first master key is then refused when it opens
 * the store, and not in the midst of its work. It keeps no place: what it has done shows in the rows.
 */
export class KeyRewrapper {
  readonly #ports: RewrapperPorts;

  constructor(ports: RewrapperPorts) {
    this.#ports = ports;
  }

  /** @param before keys that earlier walks of one rotation wrapped anew, for its progress */
  async walk(mode: WalkMode, { signal, onProgress }: KeyWalkOptions = {}, before = 0): Promise<KeyWalk> {
    const pass = new Pass(this.#ports, mode);
    const isStopped = (): boolean => signal?.aborted === true;
    await pass.storeKeys();
    let after: DataKeyPlace | null = null;
    for (;;) {
      if (isStopped()) return pass.ended(false);
      const page = await this.#ports.dataKeys.list(after, pageSize);
      const last = page.at(-1);
      if (last === undefined) return pass.ended(true);
      for (let start = 0; start < page.length; start += keysOfUnit) {
        await pass.dataKeys(page.slice(start, start + keysOfUnit));
        onProgress?.({ looked: pass.looked, rewrapped: before + pass.rewrapped });
        if (isStopped()) return pass.ended(false);
        await nextTurn();
      }
      after = { kind: last.kind, id: last.id };
    }
  }
}

/** The state of one walk. */
class Pass {
  looked = 0;
  rewrapped = 0;
  readonly #ports: RewrapperPorts;
  readonly #mode: WalkMode;
  readonly #counts: KeyCounts;
  readonly #damaged: string[] = [];
  #damagedCount = 0;
  #lost = 0;

  constructor(ports: RewrapperPorts, mode: WalkMode) {
    this.#ports = ports;
    this.#mode = mode;
    this.#counts = new KeyCounts(ports.vault.masterKeys);
  }

  ended(finished: boolean): KeyWalk {
    const found = { damaged: this.#damaged, damagedCount: this.#damagedCount, lost: this.#lost };
    return { ...this.#counts.use, ...found, rewrapped: this.rewrapped, finished };
  }

  async storeKeys(): Promise<void> {
    const { storeKeys, unitOfWork } = this.#ports;
    for (const key of await storeKeys.list()) {
      this.looked += 1;
      this.#counts.addStoreKey(key.masterKeyId);
      const { name } = key;
      const changed = this.#rewrap(key, storeKeyWrappedAs(key), `store key ${name}`);
      if (changed === null) continue;
      const isDone =
        this.#mode !== 'rewrap' ||
        (await unitOfWork.run('documents', (unit) => storeKeys.rewrap(unit, { name, ...changed })));
      this.#done(isDone ? 1 : 0, 1);
    }
  }

  /** One unit. */
  async dataKeys(keys: readonly StoredDataKey[]): Promise<void> {
    const { dataKeys, unitOfWork } = this.#ports;
    const changed: RewrappedDataKey[] = [];
    for (const key of keys) {
      this.looked += 1;
      if (key.destroyedAt !== null) {
        this.#counts.destroyed += 1;
        continue;
      }
      this.#counts.addDataKey(key.masterKeyId);
      const { kind, id } = key;
      const rewrapped = this.#rewrap(key, dataKeyWrappedAs(key), `${kind} ${id}`);
      if (rewrapped !== null) changed.push({ kind, id, ...rewrapped });
    }
    if (changed.length === 0) return;
    const done =
      this.#mode !== 'rewrap'
        ? changed.length
        : await unitOfWork.run('documents', (unit) => dataKeys.rewrap(unit, changed));
    this.#done(done, changed.length);
  }

  #done(done: number, tried: number): void {
    this.rewrapped += done;
    this.#lost += tried - done;
  }

  #rewrap(key: StoredDataKey | StoredStoreKey, wrappedAs: string, name: string): Rewrapped | null {
    const { vault } = this.#ports;
    const isFirst = key.masterKeyId === vault.masterKeyId;
    // A try opens all of them, also what need not be changed.
    if (this.#mode === 'count' || (this.#mode === 'rewrap' && isFirst)) return null;
    const bytes = this.#opened(key, wrappedAs, name);
    if (bytes === null) return null;
    const wrapped = isFirst ? null : vault.wrap(wrappedAs, bytes);
    bytes.fill(0);
    return wrapped === null ? null : { from: key.wrapped, wrapped, masterKeyId: vault.masterKeyId };
  }

  /** null for want of its master key, which the counts show, and for one that is damaged. */
  #opened(
    { masterKeyId, wrapped }: StoredDataKey | StoredStoreKey,
    wrappedAs: string,
    name: string,
  ): Uint8Array | null {
    const { vault } = this.#ports;
    if (vault.masterKeys.find(masterKeyId) === null) return null;
    try {
      return vault.unwrap(wrappedAs, wrapped, masterKeyId);
    } catch (error) {
      if (!hasCode(error, 'ENVELOPE_INVALID')) throw error;
      this.#damagedCount += 1;
      if (this.#damaged.length < mostDamagedNamed) this.#damaged.push(name);
      return null;
    }
  }
}
