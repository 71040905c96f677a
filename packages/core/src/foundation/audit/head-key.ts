import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../kernel/index.js';
import { openStoreKey, type StoreKeyPorts } from '../privacy/index.js';
import type { SignedHead, TrailHead } from './audit-chain-store.js';

const macPattern = /^[0-9a-f]{64}$/;

/**
 * Signs heads of the trail. Whoever can write into the database can make a chain anew, but not sign its head: the key is random, and the
 * store has it wrapped by the master key alone.
 */
export class HeadKey {
  readonly #key: KeyObject;

  constructor(bytes: Uint8Array) {
    this.#key = createSecretKey(bytes);
  }

  sign({ position, chainHash, at }: TrailHead): SignedHead {
    return { position, chainHash, at, mac: this.#mac({ position, chainHash, at }).toString('hex') };
  }

  /** Whether the head was signed with this key and nothing in it was changed. */
  signed(head: SignedHead): boolean {
    if (!macPattern.test(head.mac)) return false;
    return timingSafeEqual(this.#mac(head), Buffer.from(head.mac, 'hex'));
  }

  #mac({ position, chainHash, at }: TrailHead): Buffer {
    return createHmac('sha256', this.#key).update(canonicalJson({ at, chainHash, position })).digest();
  }
}

/** The key of a store, which the first caller makes. @throws LmsError `KEY_INVALID`, `ENVELOPE_INVALID` */
export async function openHeadKey(ports: StoreKeyPorts): Promise<HeadKey> {
  const bytes = await openStoreKey(ports, { name: 'audit-head', words: 'key of the trail' });
  const key = new HeadKey(bytes);
  bytes.fill(0);
  return key;
}
