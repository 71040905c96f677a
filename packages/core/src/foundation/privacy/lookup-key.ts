import { cryptoRandom, LmsError, type RandomSource } from '../kernel/index.js';
import type { UnitOfWork } from '../persistence/index.js';
import type { StoredStoreKey, StoreKeyStore } from './data-key-store.js';
import { LookupHasher } from './lookup-hasher.js';
import type { Vault } from './vault.js';

const name = 'lookup';
const wrappedAs = 'store-key:lookup';
const keyLength = 32;

export interface LookupKeyPorts {
  readonly vault: Vault;
  readonly storeKeys: StoreKeyStore;
  readonly unitOfWork: UnitOfWork;
  /** A cryptographic generator; the platform's when absent. */
  readonly random?: RandomSource;
}

/**
 * The hasher of a store, from its look-up key, which the first caller makes. Of several processes that open a new store at
 * once one makes the key and all use it.
 * @throws LmsError `KEY_INVALID` (with both key ids) when the store was made with another master key, `ENVELOPE_INVALID` when
 * the stored key was changed
 */
export async function openLookupHasher(ports: LookupKeyPorts): Promise<LookupHasher> {
  const stored = (await ports.storeKeys.find(null, name)) ?? (await makeKey(ports));
  const bytes = ports.vault.unwrap(wrappedAs, stored.wrapped, stored.masterKeyId);
  const hasher = new LookupHasher(bytes);
  bytes.fill(0);
  return hasher;
}

async function makeKey(ports: LookupKeyPorts): Promise<StoredStoreKey> {
  const bytes = (ports.random ?? cryptoRandom()).bytes(keyLength);
  const made: StoredStoreKey = {
    name,
    wrapped: ports.vault.wrap(wrappedAs, bytes),
    masterKeyId: ports.vault.masterKeyId,
  };
  bytes.fill(0);
  if (await ports.unitOfWork.run('documents', (unit) => ports.storeKeys.insert(unit, made))) return made;
  const others = await ports.storeKeys.find(null, name);
  if (others !== null) return others;
  throw new LmsError('STORE_CONFLICT', {
    message: 'another process is making the look-up key of this store; try again',
  });
}
