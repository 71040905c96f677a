import { createSecretKey, type KeyObject } from 'node:crypto';
import { type Instant, LmsError } from '../../../foundation/kernel/index.js';
import { type DataKey, openStoreKey, type StoreKeyPorts } from '../../../foundation/privacy/index.js';
import type { SealedSecret, StoredEndpoint } from './webhook-store.js';

const keyName = 'webhooks';

/** Seals the secrets of endpoints under a key of the store, which the master key wraps: a secret opens for its own endpoint alone. */
export class EndpointSecrets {
  readonly #ports: StoreKeyPorts;
  #key: Promise<KeyObject> | null = null;

  constructor(ports: StoreKeyPorts) {
    this.#ports = ports;
  }

  /** Makes the key of the store where it has none yet. @throws LmsError `KEY_INVALID`, `ENVELOPE_INVALID`, `STORE_*` */
  async seal(endpointId: string, secret: string): Promise<string> {
    return this.#ports.vault.seal(await this.#keyFor(endpointId), secret);
  }

  /** Those that sign now, the newest first. @throws as {@link EndpointSecrets.seal} */
  async signing({ id, secrets }: Pick<StoredEndpoint, 'id' | 'secrets'>, now: Instant): Promise<readonly string[]> {
    const key = await this.#keyFor(id);
    const open = secretsAt(secrets, now).map(({ sealed }) => this.#ports.vault.open(key, sealed));
    if (open.length > 0) return open;
    throw new LmsError('STORE_CORRUPT', { message: `the webhook endpoint ${id} has no secret` });
  }

  async #keyFor(id: string): Promise<DataKey> {
    this.#key ??= this.#open().catch((error: unknown) => {
      this.#key = null;
      throw error;
    });
    return { kind: 'webhook-endpoint', id, keyId: keyName, secret: await this.#key };
  }

  async #open(): Promise<KeyObject> {
    const bytes = await openStoreKey(this.#ports, { name: keyName, words: 'key of webhook secrets' });
    const key = createSecretKey(bytes);
    bytes.fill(0);
    return key;
  }
}

/** Secrets that sign at a moment: the newest, and older ones until their overlap ends. */
export function secretsAt(secrets: readonly SealedSecret[], now: Instant): readonly SealedSecret[] {
  return secrets.filter(({ until }) => until === null || until > now);
}
