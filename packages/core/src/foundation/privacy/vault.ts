import { createSecretKey, type KeyObject } from 'node:crypto';
import { cryptoRandom, LmsError, type RandomSource } from '../kernel/index.js';
import type { StoredDataKey } from './data-key-store.js';
import { type AssociatedData, associatedData, openEnvelope, sealEnvelope } from './envelope.js';
import { keyIdOf, type MasterKey } from './master-key.js';

/** The open data key of one aggregate. It neither prints nor serialises its secret. */
export interface DataKey {
  readonly kind: string;
  readonly id: string;
  /** Names this key; envelopes are bound to it. */
  readonly keyId: string;
  readonly secret: KeyObject;
}

/** A master key without its bytes. */
export interface MasterKeyHandle {
  readonly id: string;
  readonly handle: KeyObject;
}

export interface NewDataKey {
  /** To insert with the aggregate. */
  readonly stored: StoredDataKey;
  readonly key: DataKey;
}

const dataKeyLength = 32;

/**
 * Makes, wraps and opens data keys under the master key, and seals and opens values under data keys. An envelope opens for
 * the aggregate it was made for and no other. Everything is synchronous: about 20 microseconds for an envelope of 400 bytes.
 */
export class Vault {
  readonly masterKeyId: string;
  readonly #master: KeyObject;
  readonly #random: RandomSource;
  /** A lead's activities are opened by the hundred under one key. */
  readonly #boundTo = new WeakMap<DataKey, AssociatedData>();

  /** @param random must be a cryptographic generator outside tests: keys and nonces are drawn from it */
  constructor(masterKey: MasterKey | MasterKeyHandle, random: RandomSource = cryptoRandom()) {
    this.masterKeyId = masterKey.id;
    this.#master = 'handle' in masterKey ? masterKey.handle : createSecretKey(masterKey.bytes);
    this.#random = random;
  }

  /** For a vault of the same master key on another thread of this process. */
  get masterKey(): MasterKeyHandle {
    return { id: this.masterKeyId, handle: this.#master };
  }

  /** A new data key for the aggregate `kind`, `id`; nothing is stored yet. */
  createDataKey(kind: string, id: string): NewDataKey {
    const bytes = this.#random.bytes(dataKeyLength);
    const wrapped = this.wrap(`${kind}:${id}`, bytes);
    const key = dataKeyOf(kind, id, bytes);
    bytes.fill(0);
    return { stored: { kind, id, wrapped, masterKeyId: this.masterKeyId, destroyedAt: null }, key };
  }

  /**
   * @throws LmsError `KEY_DESTROYED` when the aggregate was erased, `KEY_INVALID` when another master key wraps it,
   * `ENVELOPE_INVALID` when the stored key was changed or belongs to another aggregate
   */
  openDataKey(stored: StoredDataKey): DataKey {
    const { kind, id } = stored;
    if (stored.destroyedAt !== null || stored.wrapped === '') {
      throw new LmsError('KEY_DESTROYED', {
        message: `the personal data of ${kind} ${id} was erased; it cannot be read again`,
      });
    }
    const bytes = this.unwrap(`${kind}:${id}`, stored.wrapped, stored.masterKeyId);
    const key = dataKeyOf(kind, id, bytes);
    bytes.fill(0);
    return key;
  }

  /** Seals text (JSON or plain, well-formed Unicode) or bytes of UTF-8 for the aggregate of the key. */
  seal(key: DataKey, plain: string | Uint8Array): string {
    return sealEnvelope(key.secret, plain, this.#boundToOf(key), this.#random);
  }

  /** @throws LmsError `ENVELOPE_INVALID` when the envelope was changed or is another aggregate's */
  open(key: DataKey, envelope: string): string {
    return openEnvelope(key.secret, envelope, this.#boundToOf(key), `${key.kind} ${key.id}`).toString('utf8');
  }

  /** Seals another key under the master key; `name` says which, and only under the same name it comes out again. */
  wrap(name: string, bytes: Uint8Array): string {
    return sealEnvelope(this.#master, bytes, associatedData([name, this.masterKeyId]), this.#random);
  }

  /** @throws LmsError `KEY_INVALID` when another master key wrapped it, `ENVELOPE_INVALID` when it was changed */
  unwrap(name: string, wrapped: string, masterKeyId: string): Uint8Array {
    if (masterKeyId !== this.masterKeyId) {
      throw new LmsError('KEY_INVALID', {
        message:
          `this store was sealed with master key ${masterKeyId}, but the key given is ${this.masterKeyId}; ` +
          `give the key of this store`,
        details: { expectedKeyId: masterKeyId, givenKeyId: this.masterKeyId },
      });
    }
    return openEnvelope(this.#master, wrapped, associatedData([name, masterKeyId]), `key ${name}`);
  }

  #boundToOf(key: DataKey): AssociatedData {
    let boundTo = this.#boundTo.get(key);
    if (boundTo === undefined) {
      boundTo = associatedData([key.kind, key.id, key.keyId]);
      this.#boundTo.set(key, boundTo);
    }
    return boundTo;
  }
}

function dataKeyOf(kind: string, id: string, bytes: Uint8Array): DataKey {
  return { kind, id, keyId: keyIdOf(bytes), secret: createSecretKey(bytes) };
}
