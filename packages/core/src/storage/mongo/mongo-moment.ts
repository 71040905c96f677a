import { setTimeout as sleep } from 'node:timers/promises';
import type { RowBatch } from '../../foundation/backup/snapshot-store.js';
import { LmsError } from '../../foundation/kernel/index.js';
import type { Layout } from '../migrations-port.js';
import { RowGatherer } from '../sql/row-batches.js';
import { withoutDocuments } from './mongo-cause.js';
import { type CollectionName, collectionPlans } from './mongo-collections.js';
import type { MongoDatabase } from './mongo-database.js';
import { isMongoError, storeError } from './mongo-errors.js';
import type { MongoSessionHandle } from './mongo-handle.js';
import { type LayoutDocument, layoutId, layoutOf } from './mongo-layout.js';
import { type CopiedCollection, cellsOf, rowMappings } from './mongo-rows.js';

type Document = Readonly<Record<string, unknown>>;

/** Every operation of a session with a snapshot reads the moment of the first. */
const readOptions = {
  readConcern: { level: 'snapshot' },
  readPreference: 'primary',
  promoteValues: true,
  promoteLongs: true,
  useBigInt64: false,
};
const firstPage = 50;
const mostDocuments = 1_000;
/** A page may be longer than a batch, as documents differ. */
const pageCharacters = 1024 * 1024;
const mostIds = 1_000;
const openAttempts = 20;
const openPauseMillis = 50;
/** SnapshotTooOld, SnapshotUnavailable. */
const snapshotGone: readonly unknown[] = [239, 246];

/**
 * One moment of the documents, read without a lock and without a transaction. The server keeps old states for
 * `minSnapshotHistoryWindowInSeconds` (300 unless set otherwise), so all of it has to be read within that time.
 */
export class MongoMoment {
  readonly #database: MongoDatabase;
  readonly #session: MongoSessionHandle;

  private constructor(database: MongoDatabase, session: MongoSessionHandle) {
    this.#database = database;
    this.#session = session;
  }

  /**
   * The moment is after everything that was committed before the call, by whomever: a count is raised first, and the moment must
   * show it. A primary that was just elected may show an older one for an instant.
   */
  static async begin(given: MongoDatabase): Promise<MongoMoment> {
    const database = given.forWholeCollections();
    try {
      const mine = await raiseCount(database);
      for (let attempt = 1; ; attempt += 1) {
        const moment = new MongoMoment(database, database.client.startSession({ snapshot: true }));
        if ((await moment.#snapshotsSeen()) >= mine) return moment;
        await moment.end();
        if (attempt === openAttempts) throw tooOld(database.server);
        await sleep(openPauseMillis);
      }
    } catch (error) {
      throw asTold(error, database.server);
    }
  }

  /** How many snapshots had been begun at the moment. One that cannot tell is not used. */
  async #snapshotsSeen(): Promise<number> {
    try {
      const [seen] = await this.find<{ readonly snapshots?: number }>('meta', { _id: layoutId }, { limit: 1 });
      return seen?.snapshots ?? 0;
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  /** What the store says of its layout at the moment. */
  async layout(): Promise<Layout | null> {
    const [found] = await this.find<LayoutDocument>('meta', { _id: layoutId }, { limit: 1 });
    return found === undefined ? null : layoutOf(found);
  }

  /** All documents of a collection as rows of its table, in the order of their ids. */
  async *rows(name: CopiedCollection): AsyncGenerator<RowBatch> {
    const { table, toRow } = rowMappings[name];
    const gatherer = new RowGatherer(table);
    let limit = firstPage;
    let filter: object = {};
    for (;;) {
      const page = await this.find<Document>(name, filter, { sort: { _id: 1 }, limit });
      const before = performance.now();
      let characters = 0;
      for (const document of page) {
        const cells = cellsOf(table, toRow(document));
        for (const cell of cells) characters += typeof cell === 'string' ? cell.length : 8;
        const batch = gatherer.add(cells);
        if (batch !== null) yield batch;
      }
      if (performance.now() - before > 20) await sleep(0);
      const last = page.at(-1);
      if (last === undefined || page.length < limit) break;
      filter = { _id: { $gt: last['_id'] } };
      const wanted = Math.floor((page.length * pageCharacters) / Math.max(1, characters));
      limit = Math.max(1, Math.min(wanted, limit * 2, mostDocuments));
    }
    const rest = gatherer.take();
    if (rest.rows.length > 0) yield rest;
  }

  /** Documents by their ids, in any order; those that are not there are left out. */
  async byIds<Found extends object>(
    name: CollectionName,
    ids: readonly unknown[],
    projection: object,
  ): Promise<readonly Found[]> {
    const found: Found[] = [];
    for (let at = 0; at < ids.length; at += mostIds) {
      const filter = { _id: { $in: ids.slice(at, at + mostIds) } };
      found.push(...(await this.find<Found>(name, filter, { projection })));
    }
    return found;
  }

  async find<Found extends object>(name: CollectionName, filter: object, options: object): Promise<readonly Found[]> {
    const collection = this.#database.database.collection(collectionPlans[name].name, readOptions);
    try {
      return await collection.find<Found>(filter, { ...options, session: this.#session }).toArray();
    } catch (error) {
      throw asTold(error, this.#database.server);
    }
  }

  /** Never throws. */
  async end(): Promise<void> {
    await this.#session.endSession().catch(() => undefined);
  }
}

async function raiseCount(database: MongoDatabase): Promise<number> {
  const found = await database
    .collection('meta')
    .findOneAndUpdate(
      { _id: layoutId },
      { $inc: { snapshots: 1 } },
      { returnDocument: 'after', includeResultMetadata: false },
    );
  const count = found?.['snapshots'];
  return typeof count === 'number' ? count : 0;
}

function asTold(error: unknown, server: string): unknown {
  if (!isMongoError(error) || !snapshotGone.includes(error.code)) return storeError(error, server);
  return new LmsError('STORE_MISCONFIGURED', {
    message: `${server} no longer has the state of the moment at which the backup began; raise minSnapshotHistoryWindowInSeconds (300 unless set) above the time that a backup takes, or repeat it while less is written`,
    details: { setting: 'minSnapshotHistoryWindowInSeconds' },
    cause: withoutDocuments(error),
  });
}

function tooOld(server: string): LmsError {
  return new LmsError('STORE_UNAVAILABLE', {
    message: `${server} shows no state as new as what it has confirmed; wait until its replica set is healthy, then repeat`,
  });
}
