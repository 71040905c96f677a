import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

const blockLength = 64;
const digestLength = 32;
const mostInPlace = 512;

/**
 * Keyed hashes that find equal values without storing them. Whoever has the store but not the look-up key cannot try out
 * all phone numbers. Equal purpose and text give the same hash in every process of a store, for ever.
 */
export class LookupHasher {
  readonly #key: KeyObject;
  /** The two halves of an HMAC (RFC 2104), with room for what is hashed: one-shot hashes take half the time of an Hmac object. */
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /** @param key the store's look-up key, 32 bytes, or its handle */
  constructor(key: Uint8Array | KeyObject) {
    this.#key = key instanceof Uint8Array ? createSecretKey(key) : key;
    const bytes = this.#key.export();
    this.#inner = padded(bytes, 0x36, mostInPlace);
    this.#outer = padded(bytes, 0x5c, digestLength);
    bytes.fill(0);
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
    const text = `${purpose.length}:${purpose}${normalised}`;
    const length = Buffer.byteLength(text);
    if (length > mostInPlace) return createHmac('sha256', this.#key).update(text, 'utf8').digest('base64url');
    this.#inner.write(text, blockLength, 'utf8');
    const inner = hash('sha256', this.#inner.subarray(0, blockLength + length), 'buffer');
    inner.copy(this.#outer, blockLength);
    return hash('sha256', this.#outer, 'base64url');
  }
}

/** The key, filled up to a block, with each bit of the mask turned. */
function padded(key: Uint8Array, mask: number, room: number): Buffer {
  const block = Buffer.alloc(blockLength + room);
  block.set(key);
  for (let at = 0; at < blockLength; at += 1) block[at] = (block[at] ?? 0) ^ mask;
  return block;
}
