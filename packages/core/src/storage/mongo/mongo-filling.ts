import type { RowBatch } from '../../foundation/backup/snapshot-store.js';
import { cryptoRandom, LmsError } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { defaultRepeatPolicy } from '../repeat-policy.js';
import { rowsOfHome } from '../sql/copied-tables.js';
import { requireCount, takenOver } from '../sql/restoring-mark.js';
import { columnsFor } from '../sql/row-loader.js';
import { dataCollections } from './mongo-collections.js';
import { MongoAccess, type MongoDatabase } from './mongo-database.js';
import { storeError } from './mongo-errors.js';
import type { MongoCollectionHandle } from './mongo-handle.js';
import { layoutId } from './mongo-layout.js';
import { type CopiedCollection, namedRow, rowMappings } from './mongo-rows.js';
import { MongoUnitOfWork } from './mongo-unit-of-work.js';

const collectionOf: ReadonlyMap<string, CopiedCollection> = new Map(
  dataCollections.map((name) => [rowMappings[name].table, name]),
);
const documentsAtOnce = 500;
const deletedAtOnce = 1_000;
/** Of the document of the layout: how many restores have begun. The number is the pass of the newest. */
const fillings = 'fillings';

/** The part of a batch that MongoDB keeps; of tables that both homes have, the rows of the documents. */
export function documentsPart(batch: RowBatch): RowBatch {
  return collectionOf.has(batch.table) ? rowsOfHome(batch, 'documents') : { table: batch.table, rows: [] };
}

/**
 * The collections of one database, being filled. The ledger says whose turn it is, and a server drops the lock of a process that stands
 * still; so each write is also part of a transaction that finds the pass of its restore here, which the next restore takes away.
 */
export class MongoFilling {
  readonly #database: MongoDatabase;
  readonly #access: MongoAccess;
  readonly #units: MongoUnitOfWork;
  readonly #filled = new Map<CopiedCollection, number>();
  /** How many restores had begun when this one looked. */
  #seen = 0;
  /** Of this one, once it has taken the documents; no other has the same. */
  #pass: number | null = null;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#access = new MongoAccess(
      () => database,
      (work) => work(),
    );
    this.#units = new MongoUnitOfWork({
      open: () => database,
      random: cryptoRandom(),
      repeats: defaultRepeatPolicy,
      commitMillis: database.operationMillis,
    });
  }

  /** To be called before the ledger is taken: a restore that comes in between is noticed by {@link take}. */
  async look(): Promise<void> {
    const found = await this.#telling(() => this.#meta.findOne<{ readonly [fillings]?: number }>({ _id: layoutId }));
    this.#seen = found?.[fillings] ?? 0;
  }

  /** From now on no earlier restore writes. @throws LmsError `STORE_FAILED` when another was taken since {@link look} */
  async take(): Promise<void> {
    const pass = this.#seen + 1;
    // null is also what is not there.
    const filter = { _id: layoutId, [fillings]: this.#seen === 0 ? null : this.#seen };
    const update = { $set: { [fillings]: pass } };
    const { matchedCount } = await this.#telling(() => this.#meta.updateOne(filter, update));
    if (matchedCount === 0) throw takenOver();
    this.#pass = pass;
  }

  /** @throws LmsError `BACKUP_INVALID`, `VALUE_NOT_STORABLE` for what MongoDB does not take, `STORE_FAILED` when another has taken over */
  async load(batch: RowBatch): Promise<void> {
    const name = collectionOf.get(batch.table);
    if (name === undefined || batch.rows.length === 0) return;
    columnsFor(batch);
    const documents = batch.rows.map((row) => rowMappings[name].toDocument(namedRow(batch.table, row)));
    for (let at = 0; at < documents.length; at += documentsAtOnce) {
      const some = documents.slice(at, at + documentsAtOnce);
      await this.#withPass((unit) =>
        this.#access.on(unit, name, (collection, options) => collection.insertMany(some, options)),
      );
    }
    this.#filled.set(name, (this.#filled.get(name) ?? 0) + documents.length);
  }

  /** @throws LmsError `STORE_FAILED` when a collection has more or fewer documents than were loaded */
  async requireCounts(): Promise<void> {
    const whole = this.#database.forWholeCollections();
    for (const name of dataCollections) {
      const found = await this.#telling(() => whole.collection(name).countDocuments({}));
      requireCount(rowMappings[name].table, found, this.#filled.get(name) ?? 0);
    }
  }

  /** Takes away what an unfinished restore left. @throws LmsError `STORE_FAILED` when another has taken over */
  async empty(): Promise<void> {
    for (const name of dataCollections) {
      let isMore = true;
      while (isMore) isMore = (await this.#deleteSome(name)) === deletedAtOnce;
    }
  }

  async #deleteSome(name: CopiedCollection): Promise<number> {
    return this.#withPass(async (unit) => {
      const some = await this.#access.on(unit, name, (collection, options) =>
        collection.find<{ _id: unknown }>({}, { ...options, projection: { _id: 1 }, limit: deletedAtOnce }).toArray(),
      );
      const ids = some.map(({ _id }) => _id);
      if (ids.length > 0) {
        await this.#access.on(unit, name, (collection, options) =>
          collection.deleteMany({ _id: { $in: ids } }, options),
        );
      }
      return ids.length;
    });
  }

  /** The pass is written, not just read: two transactions that write one document exclude each other. */
  async #withPass<Result>(work: (unit: Unit) => Promise<Result>): Promise<Result> {
    const pass = this.#pass;
    if (pass === null) throw takenOver();
    return this.#units.run(async (unit) => {
      const held = await this.#access.on(unit, 'meta', (meta, options) =>
        meta.updateOne({ _id: layoutId, [fillings]: pass }, { $inc: { fillingSteps: 1 } }, options),
      );
      if (held.matchedCount === 0) throw takenOver();
      return work(unit);
    }, {});
  }

  get #meta(): MongoCollectionHandle {
    return this.#database.collection('meta');
  }

  async #telling<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw LmsError.isInstance(error) ? error : storeError(error, this.#database.server);
    }
  }
}
