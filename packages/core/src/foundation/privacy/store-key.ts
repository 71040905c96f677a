import { cryptoRandom, LmsError, type RandomSource } from '../kernel/index.js';
import type { Unit, UnitOfWork } from '../persistence/index.js';
import type { StoredStoreKey, StoreKeyStore } from './data-key-store.js';
import type { Vault } from './vault.js';

const keyLength = 32;

export interface StoreKeyPorts {
  readonly vault: Vault;
  readonly storeKeys: StoreKeyStore;
  readonly unitOfWork: UnitOfWork;
  /** A cryptographic generator; the platform's when absent. */
  readonly random?: RandomSource;
}

/** A key of the whole store. */
export interface StoreKeyName {
  /** Under which it is stored. */
  readonly name: string;
  /** For people. */
  readonly words: string;
}

/**
 * A key of the whole store, which has it wrapped by the master key alone. The first caller makes it: of several processes at once one does,
 * and all get the same. The caller overwrites the bytes when they are used.
 * @throws LmsError `KEY_INVALID` (with the key ids) when a master key wraps it that was not given, `ENVELOPE_INVALID` when the stored
 * key was changed
 */
export async function openStoreKey(ports: StoreKeyPorts, key: StoreKeyName): Promise<Uint8Array> {
  const stored = await findStoreKey(ports, key);
  return ports.vault.unwrap(storeKeyWrappedAs(key), stored.wrapped, stored.masterKeyId);
}

/** The key as it is stored, which the first caller makes. In a unit it must be there. */
export async function findStoreKey(
  ports: StoreKeyPorts,
  key: StoreKeyName,
  unit: Unit | null = null,
): Promise<StoredStoreKey> {
  const stored = await ports.storeKeys.find(unit, key.name);
  if (stored !== null) return stored;
  if (unit === null) return makeKey(ports, key);
  throw new LmsError('STORE_CONFLICT', { message: `the ${key.words} of this store is not there` });
}

/** The name under which a vault wraps it. */
export function storeKeyWrappedAs({ name }: Pick<StoreKeyName, 'name'>): string {
  return `store-key:${name}`;
}

async function makeKey(ports: StoreKeyPorts, key: StoreKeyName): Promise<StoredStoreKey> {
  const bytes = (ports.random ?? cryptoRandom()).bytes(keyLength);
  const { name, words } = key;
  const made: StoredStoreKey = {
    name,
    wrapped: ports.vault.wrap(storeKeyWrappedAs(key), bytes),
    masterKeyId: ports.vault.masterKeyId,
  };
  bytes.fill(0);
  if (await ports.unitOfWork.run('documents', (unit) => ports.storeKeys.insert(unit, made))) return made;
  const others = await ports.storeKeys.find(null, name);
  if (others !== null) return others;
  throw new LmsError('STORE_CONFLICT', {
    message: `another process is making the ${words} of this store; try again`,
  });
}
