import { hash } from 'node:crypto';
import { LmsError } from '../kernel/index.js';

/** The key that wraps every other key of a store. Whoever has it can read all personal data; without it none can. */
export interface MasterKey {
  /** The first 16 hexadecimal digits of SHA-256 of the key: names it without giving it away. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** Where the master key comes from: a file, a value of the environment, or the embedder's own key service. */
export interface KeySource {
  /** @throws LmsError `KEY_MISSING`, `KEY_INVALID` */
  load(): Promise<MasterKey>;
}

export const masterKeyLength = 32;

/** Names 32 bytes as a master key. @throws LmsError `KEY_INVALID` for another length */
export function masterKeyOf(bytes: Uint8Array, origin: string): MasterKey {
  if (bytes.length !== masterKeyLength) {
    throw new LmsError('KEY_INVALID', {
      message: `${origin} holds a key of ${bytes.length} bytes; expected ${masterKeyLength}`,
      path: origin,
    });
  }
  return { id: keyIdOf(bytes), bytes: Uint8Array.from(bytes) };
}

export function keyIdOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, 16);
}
