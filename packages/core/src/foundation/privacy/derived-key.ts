import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { MasterKeyHandle } from './master-keys.js';

const length = 32;

/**
 * A key for one purpose, derived from the master key (HKDF with SHA-256, RFC 5869): whoever has it learns nothing of the master
 * key or of keys for other purposes. Equal purpose and salt give the same key, for ever.
 */
export function deriveKey(masterKey: MasterKeyHandle, purpose: string, salt: Uint8Array): KeyObject {
  const bytes = new Uint8Array(hkdfSync('sha256', masterKey.handle, salt, purpose, length));
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
