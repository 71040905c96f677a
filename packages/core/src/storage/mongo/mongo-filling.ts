import type { RowBatch } from '../../foundation/backup/snapshot-store.js';
import { LmsError } from '../../foundation/kernel/index.js';
import { rowsOfHome } from '../sql/copied-tables.js';
import { requireCount } from '../sql/restoring-mark.js';
import { columnsFor } from '../sql/row-loader.js';
import { dataCollections } from './mongo-collections.js';
import type { MongoDatabase } from './mongo-database.js';
import { storeError } from './mongo-errors.js';
import { type CopiedCollection, namedRow, rowMappings } from './mongo-rows.js';

const collectionOf: ReadonlyMap<string, CopiedCollection> = new Map(
  dataCollections.map((name) => [rowMappings[name].table, name]),
);
const documentsAtOnce = 500;

/** The part of a batch that MongoDB keeps; of tables that both homes have, the rows of the documents. */
export function documentsPart(batch: RowBatch): RowBatch {
  return collectionOf.has(batch.table) ? rowsOfHome(batch, 'documents') : { table: batch.table, rows: [] };
}

/** The collections of one database, being filled. */
export class MongoFilling {
  readonly #database: MongoDatabase;
  readonly #filled = new Map<CopiedCollection, number>();

  constructor(database: MongoDatabase) {
    this.#database = database.forWholeCollections();
  }

  /** @throws LmsError `BACKUP_INVALID`, and `VALUE_NOT_STORABLE` for what MongoDB does not take */
  async load(batch: RowBatch): Promise<void> {
    const name = collectionOf.get(batch.table);
    if (name === undefined || batch.rows.length === 0) return;
    columnsFor(batch);
    const documents = batch.rows.map((row) => rowMappings[name].toDocument(namedRow(batch.table, row)));
    await this.#telling(async () => {
      for (let at = 0; at < documents.length; at += documentsAtOnce) {
        await this.#database.collection(name).insertMany(documents.slice(at, at + documentsAtOnce));
      }
    });
    this.#filled.set(name, (this.#filled.get(name) ?? 0) + documents.length);
  }

  /** @throws LmsError `STORE_FAILED` when a collection has more or fewer documents than were loaded */
  async requireCounts(): Promise<void> {
    for (const name of dataCollections) {
      const found = await this.#telling(() => this.#database.collection(name).countDocuments({}));
      requireCount(rowMappings[name].table, found, this.#filled.get(name) ?? 0);
    }
  }

  async empty(): Promise<void> {
    for (const name of dataCollections) await this.#telling(() => this.#database.collection(name).deleteMany({}));
  }

  async #telling<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw LmsError.isInstance(error) ? error : storeError(error, this.#database.server);
    }
  }
}
