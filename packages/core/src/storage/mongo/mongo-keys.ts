import type { Instant } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import type {
  DataKeyStore,
  StoredDataKey,
  StoredStoreKey,
  StoreKeyStore,
} from '../../foundation/privacy/data-key-store.js';
import { inBatches } from './in-batches.js';
import { documentFormat } from './mongo-collections.js';
import { type MongoAccess, requireAtMost } from './mongo-database.js';

interface DataKeyDocument {
  readonly _id: { readonly kind: string; readonly id: string };
  readonly wrapped: string;
  readonly masterKeyId: string;
  readonly destroyedAt: Instant | null;
}

interface StoreKeyDocument {
  readonly _id: string;
  readonly wrapped: string;
  readonly masterKeyId: string;
}

const mostIds = 10_000;

export class MongoDataKeyStore implements DataKeyStore {
  readonly #access: MongoAccess;

  constructor(access: MongoAccess) {
    this.#access = access;
  }

  async insert(unit: Unit, keys: readonly StoredDataKey[]): Promise<void> {
    if (keys.length === 0) return;
    const documents = keys.map(({ kind, id, ...key }) => ({ _id: { kind, id }, format: documentFormat, ...key }));
    await this.#access.on(unit, 'dataKeys', (collection, options) => collection.insertMany(documents, options));
  }

  async find(unit: Unit | null, kind: string, ids: readonly string[]): Promise<readonly StoredDataKey[]> {
    if (ids.length === 0) return [];
    requireAtMost(mostIds, ids.length, 'data keys');
    const documents = await inBatches(ids, (batch) =>
      this.#access.on(unit, 'dataKeys', (collection, options) =>
        collection.find<DataKeyDocument>({ _id: { $in: batch.map((id) => ({ kind, id })) } }, options).toArray(),
      ),
    );
    return documents.map(({ _id, wrapped, masterKeyId, destroyedAt }) => ({
      kind: _id.kind,
      id: _id.id,
      wrapped,
      masterKeyId,
      destroyedAt,
    }));
  }

  async destroy(unit: Unit, kind: string, id: string, at: Instant): Promise<void> {
    await this.#access.on(unit, 'dataKeys', (collection, options) =>
      collection.updateOne(
        { _id: { kind, id }, destroyedAt: null },
        { $set: { wrapped: '', destroyedAt: at } },
        options,
      ),
    );
  }
}

export class MongoStoreKeyStore implements StoreKeyStore {
  readonly #access: MongoAccess;

  constructor(access: MongoAccess) {
    this.#access = access;
  }

  async insert(unit: Unit, { name, ...key }: StoredStoreKey): Promise<boolean> {
    if ((await this.find(unit, name)) !== null) return false;
    const document = { _id: name, format: documentFormat, ...key };
    await this.#access.on(unit, 'storeKeys', (collection, options) => collection.insertMany([document], options));
    return true;
  }

  async find(unit: Unit | null, name: string): Promise<StoredStoreKey | null> {
    const document = await this.#access.on(unit, 'storeKeys', (collection, options) =>
      collection.findOne<StoreKeyDocument>({ _id: name }, options),
    );
    if (document === null) return null;
    return { name: document._id, wrapped: document.wrapped, masterKeyId: document.masterKeyId };
  }
}
