import { createCipheriv, createDecipheriv, hash, type KeyObject } from 'node:crypto';
import { deriveKey, type MasterKeyHandle } from '../privacy/index.js';
import type { BackupHeader } from './backup-header.js';

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
export const tagLength = 16;

/**
 * Seals the chunks of one file, each under its number, so that none can be changed, left out or put elsewhere, and the last
 * under a mark, so that the file cannot be cut. The key is the file's own (its salt is drawn for it), so the number of a
 * chunk serves as the nonce and never comes twice under one key (NIST SP 800-38D §8.2.1).
 */
export class BackupCipher {
  readonly #key: KeyObject;
  readonly #headerHash: Buffer;

  /** @param bytes of the file up to the first chunk; each chunk is bound to them */
  constructor(masterKey: MasterKeyHandle, header: BackupHeader, bytes: Uint8Array) {
    this.#key = deriveKey(masterKey, 'lms backup', Buffer.from(header.salt, 'base64'));
    this.#headerHash = hash('sha256', bytes, 'buffer');
  }

  seal(plain: Uint8Array, number: number, isLast: boolean): Buffer {
    const cipher = createCipheriv(algorithm, this.#key, nonceOf(number), { authTagLength: tagLength });
    cipher.setAAD(this.#boundTo(isLast));
    const body = cipher.update(plain);
    cipher.final();
    return Buffer.concat([body, cipher.getAuthTag()]);
  }

  /** null when one bit differs, the key is another, or it is not this chunk. */
  open(sealed: Uint8Array, number: number, isLast: boolean): Buffer | null {
    if (sealed.length < tagLength) return null;
    const decipher = createDecipheriv(algorithm, this.#key, nonceOf(number), { authTagLength: tagLength });
    decipher.setAAD(this.#boundTo(isLast));
    decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
    const body = decipher.update(sealed.subarray(0, sealed.length - tagLength));
    try {
      decipher.final();
    } catch {
      return null;
    }
    return body;
  }

  #boundTo(isLast: boolean): Buffer {
    return Buffer.concat([this.#headerHash, Buffer.of(isLast ? 1 : 0)]);
  }
}

function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(nonceLength);
  nonce.writeBigUInt64BE(BigInt(number), nonceLength - 8);
  return nonce;
}
