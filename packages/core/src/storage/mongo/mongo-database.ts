import { setTimeout } from 'node:timers/promises';
import { LmsError } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { type CollectionName, collectionPlans } from './mongo-collections.js';
import { isMongoError, storeError } from './mongo-errors.js';
import type { MongoClientHandle, MongoCollectionHandle, MongoDatabaseHandle } from './mongo-handle.js';
import { limitedDatabase, usualOperationMillis, wholeCollectionMillis } from './mongo-limits.js';
import { mongoTransactionOf } from './mongo-transaction.js';

/** Acknowledged when a majority has it in its journal, whatever the replica set's own default. */
export const durableWrites = { w: 'majority', journal: true } as const;

/** Majority on both sides: what is read cannot be rolled back. 64-bit integers are read as numbers whatever the client says. */
const collectionOptions = {
  readConcern: { level: 'majority' },
  writeConcern: durableWrites,
  readPreference: 'primary',
  promoteValues: true,
  promoteLongs: true,
  useBigInt64: false,
  ignoreUndefined: true,
};

/** Options that put an operation into a transaction; empty outside one. */
export type OperationOptions = { readonly session?: object };

/** An open connection to the database of one store. Each operation through it ends within its time. */
export class MongoDatabase {
  readonly client: MongoClientHandle;
  readonly database: MongoDatabaseHandle;
  /** How long one operation may take; 0: any time. */
  readonly operationMillis: number;
  /** Host names without credentials, for messages. */
  readonly server: string;
  readonly #collections = new Map<CollectionName, MongoCollectionHandle>();

  constructor(
    client: MongoClientHandle,
    databaseName: string | undefined,
    server: string,
    operationMillis: number = usualOperationMillis,
  ) {
    this.client = client;
    this.database = limitedDatabase(client.db(databaseName), operationMillis);
    this.server = server;
    this.operationMillis = operationMillis;
  }

  /** The same database, with another time for each operation; 0: any time. */
  withTime(operationMillis: number): MongoDatabase {
    return new MongoDatabase(this.client, this.database.databaseName, this.server, operationMillis);
  }

  /** The same database, for operations that read or change whole collections: they may take an hour each. */
  forWholeCollections(): MongoDatabase {
    return this.withTime(wholeCollectionMillis);
  }

  /** The database in which a server keeps what is about itself. */
  admin(): MongoDatabaseHandle {
    return limitedDatabase(this.client.db('admin'), this.operationMillis);
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

/** How long others wait behind who waits for a collection's transactions, before they are let pass. */
const lockMillis = 1_000;
const lockPauseMillis = 250;
/** In all longer than the 60 seconds after which the server ends the transaction of a client that died. */
const lockAttempts = 56;
const timeLimitExceeded = 50;
/** Locks end with a commit on the primary: what was waited for may not be with a majority yet, without which it is not read. */
const withMajority = { w: durableWrites.w, j: durableWrites.journal } as const;

/** Runs what is part of no unit. */
export type OutsideUnits = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** How the document stores reach the database: inside a unit's transaction, or outside any. */
export class MongoAccess {
  readonly #open: () => MongoDatabase;
  readonly #outside: OutsideUnits;

  /**
   * @param open the open database. @throws LmsError `STORE_CLOSED` when there is none
   * @param outside runs what is part of no unit, so that closing can wait for it
   */
  constructor(open: () => MongoDatabase, outside: OutsideUnits) {
    this.#open = open;
    this.#outside = outside;
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
    if (unit !== null) {
      const collection = this.#open().collection(name);
      return mongoTransactionOf(unit).run((session) => operation(collection, { session }));
    }
    return this.#outside(async () => {
      const opened = this.#open();
      try {
        return await operation(opened.collection(name), {});
      } catch (error) {
        throw storeError(error, opened.server);
      }
    });
  }

  /**
   * Resolves when all transactions that have touched the collection so far have ended, and a majority has what they wrote: they hold a lock on
   * it, which a change of its options waits for, even one that names no option, as this one, which leaves the rules of any release as they
   * are. Those that come meanwhile wait for a second at most. Needs the right `collMod` on the collection (role `dbAdmin`).
   * @throws LmsError `STORE_UNAVAILABLE` after 70 s, `STORE_MISCONFIGURED` without that right
   */
  async awaitTransactions(name: CollectionName): Promise<void> {
    const change = { collMod: collectionPlans[name].name, maxTimeMS: lockMillis, writeConcern: withMajority };
    await this.#outside(async () => {
      const opened = this.#open();
      for (let attempt = 1; ; attempt += 1) {
        try {
          await opened.database.command(change);
          return;
        } catch (error) {
          const isWaiting = isMongoError(error) && error.code === timeLimitExceeded && attempt < lockAttempts;
          if (!isWaiting) throw storeError(error, opened.server);
        }
        await setTimeout(lockPauseMillis);
      }
    });
  }
}

/** @throws LmsError `LIMIT_EXCEEDED` */
export function requireAtMost(limit: number, count: number, what: string): void {
  if (count <= limit) return;
  throw new LmsError('LIMIT_EXCEEDED', { message: `${count} ${what} in one call; at most ${limit}` });
}
