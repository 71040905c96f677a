import type { Instant } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import type {
  DataKeyPlace,
  DataKeyStore,
  RewrappedDataKey,
  RewrappedStoreKey,
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
    return documents.map(dataKeyOf);
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

  async list(after: DataKeyPlace | null, limit: number): Promise<readonly StoredDataKey[]> {
    const { kind, id } = after ?? { kind: '', id: '' };
    const documents = await this.#access.on(null, 'dataKeys', (collection, options) =>
      collection
        .find<DataKeyDocument>({ _id: { $gt: { kind, id } } }, { ...options, sort: { _id: 1 }, limit })
        .toArray(),
    );
    return documents.map(dataKeyOf);
  }

  async rewrap(unit: Unit, keys: readonly RewrappedDataKey[]): Promise<number> {
    let changed = 0;
    for (const { kind, id, from, wrapped, masterKeyId } of keys) {
      const { matchedCount } = await this.#access.on(unit, 'dataKeys', (collection, options) =>
        collection.updateOne(
          { _id: { kind, id }, wrapped: from, destroyedAt: null },
          { $set: { wrapped, masterKeyId } },
          options,
        ),
      );
      changed += matchedCount;
    }
    return changed;
  }
}

function dataKeyOf({ _id, wrapped, masterKeyId, destroyedAt }: DataKeyDocument): StoredDataKey {
  return { kind: _id.kind, id: _id.id, wrapped, masterKeyId, destroyedAt };
}

const mostStoreKeys = 1_000;

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
    return document && storeKeyOf(document);
  }

  async list(): Promise<readonly StoredStoreKey[]> {
    const documents = await this.#access.on(null, 'storeKeys', (collection, options) =>
      collection.find<StoreKeyDocument>({}, { ...options, sort: { _id: 1 }, limit: mostStoreKeys }).toArray(),
    );
    return documents.map(storeKeyOf);
  }

  async rewrap(unit: Unit, { name, from, wrapped, masterKeyId }: RewrappedStoreKey): Promise<boolean> {
    const { matchedCount } = await this.#access.on(unit, 'storeKeys', (collection, options) =>
      collection.updateOne({ _id: name, wrapped: from }, { $set: { wrapped, masterKeyId } }, options),
    );
    return matchedCount === 1;
  }

  /** Every unit that reads a key holds a lock on the collection until it ends. */
  awaitReaders(): Promise<void> {
    return this.#access.awaitTransactions('storeKeys');
  }
}

function storeKeyOf({ _id, wrapped, masterKeyId }: StoreKeyDocument): StoredStoreKey {
  return { name: _id, wrapped, masterKeyId };
}
