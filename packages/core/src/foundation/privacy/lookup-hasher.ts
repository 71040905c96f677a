import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/**
 * Keyed hashes that find equal values without storing them. Whoever has the store but not the look-up key cannot try out
 * all phone numbers. Equal purpose and text give the same hash in every process of a store, for ever.
 */
export class LookupHasher {
  readonly #key: KeyObject;

  /** @param key the store's look-up key, 32 bytes, or its handle */
  constructor(key: Uint8Array | KeyObject) {
    this.#key = key instanceof Uint8Array ? createSecretKey(key) : key;
  }

  /** For a hasher of the same key on another thread of this process. */
  get handle(): KeyObject {
    return this.#key;
  }

  /**
   * HMAC-SHA-256 of a normalised value as 43 characters of base64url. Hashes of different purposes never meet, so a phone
   * in one index tells nothing of another.
   */
  hash(purpose: string, normalised: string): string {
    return createHmac('sha256', this.#key)
      .update(`${purpose.length}:${purpose}${normalised}`, 'utf8')
      .digest('base64url');
  }
}
