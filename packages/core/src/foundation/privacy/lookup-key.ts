import { LookupHasher } from './lookup-hasher.js';
import { openStoreKey, type StoreKeyPorts } from './store-key.js';

export type LookupKeyPorts = StoreKeyPorts;

/**
 * The hasher of a store, from its look-up key, which the first caller makes. Of several processes that open a new store at
 * once one makes the key and all use it.
 * @throws LmsError `KEY_INVALID` (with the key ids) when a master key wraps it that was not given, `ENVELOPE_INVALID` when
 * the stored key was changed
 */
export async function openLookupHasher(ports: LookupKeyPorts): Promise<LookupHasher> {
  const bytes = await openStoreKey(ports, { name: 'lookup', words: 'look-up key' });
  const hasher = new LookupHasher(bytes);
  bytes.fill(0);
  return hasher;
}
