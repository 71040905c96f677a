import { cryptoRandom } from '../kernel/index.js';
import type { Unit } from '../persistence/index.js';
import type { StoredStoreKey } from './data-key-store.js';
import type { LookupHasher } from './lookup-hasher.js';
import { LookupRing } from './lookup-ring.js';
import { findStoreKey, type StoreKeyPorts, storeKeyWrappedAs } from './store-key.js';

export type LookupKeyPorts = StoreKeyPorts;

interface Known {
  readonly wrapped: string;
  readonly ring: LookupRing;
}

const key = { name: 'lookup', words: 'look-up key' } as const;
const keyLength = 32;

/**
 * The look-up keys of a store as they are now. They lie in one row, which says in which phase their newest is: who writes hashes reads it in the same
 * unit, who asks for hashes reads it after the answer. So no timer, no cache and no start of a process decides how soon a new key is heeded.
 */
export class LookupKeys {
  /** Hashes under the first key: what every part above the stores knows a value by. */
  readonly hasher: LookupHasher;
  readonly #ports: LookupKeyPorts;
  readonly #ofUnits = new WeakMap<Unit, Promise<LookupRing | null>>();
  /** As it was committed once. */
  #known: Known;
  /** The row that was opened last. */
  #opened: Known;

  constructor(ports: LookupKeyPorts, stored: StoredStoreKey) {
    this.#ports = ports;
    this.#opened = openedRing(ports, stored);
    this.#known = this.#opened;
    this.hasher = this.#known.ring.first;
  }

  /** @throws LmsError as {@link openLookupKeys} */
  async committed(): Promise<LookupRing> {
    this.#known = this.#read(await findStoreKey(this.#ports, key));
    return this.#known.ring;
  }

  /**
   * The keys under which a unit of the documents writes. As long as it lasts, nobody who changes them gets past
   * {@link StoreKeyStore.awaitReaders}.
   * @returns null when they were changed since the unit began: it is to be run again
   */
  inUnit(unit: Unit): Promise<LookupRing | null> {
    let ring = this.#ofUnits.get(unit);
    if (ring === undefined) {
      ring = this.#held(unit);
      this.#ofUnits.set(unit, ring);
    }
    return ring;
  }

  /** The keys under which a unit of any home writes what is asked for under all of them. */
  async forRecords(unit: Unit): Promise<LookupRing> {
    return (unit.bothHomes ? await this.inUnit(unit) : null) ?? this.committed();
  }

  /**
   * Asks stores for hashes. The keys are read after the answer, and it is asked again when there are more than were asked for: what is found by
   * a key alone was written after that key was, so nothing is missed.
   */
  async asking<Answer>(unit: Unit | null, ask: (ring: LookupRing) => Promise<Answer>): Promise<Answer> {
    let { ring } = this.#known;
    for (;;) {
      const answer = await ask(ring);
      const now = unit === null ? await this.committed() : await this.forRecords(unit);
      if (now.generation <= ring.generation) return answer;
      ring = now;
    }
  }

  /** A key for {@link LookupRing.with}; the caller overwrites it. */
  newKey(): Uint8Array {
    return (this.#ports.random ?? cryptoRandom()).bytes(keyLength);
  }

  /**
   * Puts other keys in the place of these.
   * @param next null leaves them as they are
   * @returns whether it did: of two callers at once one does
   */
  async change(next: (ring: LookupRing) => LookupRing | null): Promise<boolean> {
    const { vault, storeKeys, unitOfWork } = this.#ports;
    const stored = await findStoreKey(this.#ports, key);
    const ring = next(this.#read(stored).ring);
    if (ring === null) return false;
    const bytes = ring.toBytes();
    const wrapped = vault.wrap(storeKeyWrappedAs(key), bytes);
    bytes.fill(0);
    const changed = { name: key.name, from: stored.wrapped, wrapped, masterKeyId: vault.masterKeyId };
    return unitOfWork.run('documents', (unit) => storeKeys.rewrap(unit, changed));
  }

  /** Resolves when every unit that wrote under what {@link change} has replaced has ended. @throws LmsError retryable */
  awaitWriters(): Promise<void> {
    return this.#ports.storeKeys.awaitReaders();
  }

  async #held(unit: Unit): Promise<LookupRing | null> {
    const held = this.#read(await findStoreKey(this.#ports, key, unit));
    if (unit.bothHomes) return held.ring;
    // Such a unit reads what was there when it began. Who changes the keys from now on waits for it, as it has read them.
    const now = this.#read(await findStoreKey(this.#ports, key));
    return now.wrapped === held.wrapped ? held.ring : null;
  }

  #read(stored: StoredStoreKey): Known {
    if (stored.wrapped !== this.#opened.wrapped) this.#opened = openedRing(this.#ports, stored);
    return this.#opened;
  }
}

/**
 * The look-up keys of a store, the first of which the first caller makes. Of several processes that open a new store at once one makes it and
 * all use it.
 * @throws LmsError `KEY_INVALID` (with the key ids) when a master key wraps it that was not given, `ENVELOPE_INVALID` when
 * the stored key was changed
 */
export async function openLookupKeys(ports: LookupKeyPorts): Promise<LookupKeys> {
  return new LookupKeys(ports, await findStoreKey(ports, key));
}

function openedRing({ vault }: LookupKeyPorts, { wrapped, masterKeyId }: StoredStoreKey): Known {
  const bytes = vault.unwrap(storeKeyWrappedAs(key), wrapped, masterKeyId);
  const ring = LookupRing.of(bytes);
  bytes.fill(0);
  return { wrapped, ring };
}
