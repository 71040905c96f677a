import { LmsError } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { type CollectionName, collectionPlans } from './mongo-collections.js';
import { storeError } from './mongo-errors.js';
import type { MongoClientHandle, MongoCollectionHandle, MongoDatabaseHandle } from './mongo-handle.js';
import { mongoTransactionOf } from './mongo-transaction.js';

/** Majority on both sides: what is read cannot be rolled back. 64-bit integers are read as numbers whatever the client says. */
const collectionOptions = {
  readConcern: { level: 'majority' },
  writeConcern: { w: 'majority' },
  readPreference: 'primary',
  promoteValues: true,
  promoteLongs: true,
  useBigInt64: false,
  ignoreUndefined: true,
};

/** Options that put an operation into a transaction; empty outside one. */
export type OperationOptions = { readonly session?: object };

/** An open connection to the database of one store. */
export class MongoDatabase {
  readonly client: MongoClientHandle;
  readonly database: MongoDatabaseHandle;
  /** Host names without credentials, for messages. */
  readonly server: string;
  readonly #collections = new Map<CollectionName, MongoCollectionHandle>();

  constructor(client: MongoClientHandle, databaseName: string | undefined, server: string) {
    this.client = client;
    this.database = client.db(databaseName);
    this.server = server;
  }

  collection(name: CollectionName): MongoCollectionHandle {
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = this.database.collection(collectionPlans[name].name, collectionOptions);
      this.#collections.set(name, collection);
    }
    return collection;
  }
}

/** How the document stores reach the database: inside a unit's transaction, or outside any. */
export class MongoAccess {
  readonly #open: () => MongoDatabase;

  /** @param open the open database. @throws LmsError `STORE_CLOSED` when there is none */
  constructor(open: () => MongoDatabase) {
    this.#open = open;
  }

  /**
   * Runs one operation on a collection. In a unit its errors stay the driver's, as the unit of work decides by them; outside
   * they are `LmsError`s.
   */
  async on<Result>(
    unit: Unit | null,
    name: CollectionName,
    operation: (collection: MongoCollectionHandle, options: OperationOptions) => Promise<Result>,
  ): Promise<Result> {
    const opened = this.#open();
    const collection = opened.collection(name);
    if (unit !== null) return mongoTransactionOf(unit).run((session) => operation(collection, { session }));
    try {
      return await operation(collection, {});
    } catch (error) {
      throw storeError(error, opened.server);
    }
  }
}

/** @throws LmsError `LIMIT_EXCEEDED` */
export function requireAtMost(limit: number, count: number, what: string): void {
  if (count <= limit) return;
  throw new LmsError('LIMIT_EXCEEDED', { message: `${count} ${what} in one call; at most ${limit}` });
}
