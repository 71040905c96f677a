import type {
  UniqueKey,
  UniqueKeyConflict,
  UniqueKeyHolder,
  UniqueKeys,
  Unit,
} from '../../foundation/persistence/index.js';
import { inBatches } from './in-batches.js';
import { documentFormat } from './mongo-collections.js';
import { type MongoAccess, requireAtMost } from './mongo-database.js';
import { mongoTransactionOf } from './mongo-transaction.js';

interface KeyDocument {
  readonly _id: UniqueKey;
  readonly holderId: string;
}

const mostKeys = 10_000;

export class MongoUniqueKeys implements UniqueKeys {
  readonly #access: MongoAccess;

  constructor(access: MongoAccess) {
    this.#access = access;
  }

  /**
   * Reads the holders, then inserts what is free. What another unit takes in between ends this transaction, and the unit
   * of work repeats it on a newer snapshot.
   */
  async claim(unit: Unit, claims: readonly UniqueKeyHolder[]): Promise<readonly UniqueKeyConflict[]> {
    const known = mongoTransactionOf(unit).keyHolders;
    await this.#learn(unit, claims);
    const conflicts: UniqueKeyConflict[] = [];
    const taken: object[] = [];
    for (const claim of claims) {
      const name = nameOf(claim);
      const holderId = known.get(name) ?? null;
      if (holderId === null) {
        known.set(name, claim.holderId);
        taken.push({ _id: idOf(claim), format: documentFormat, holderId: claim.holderId });
      } else if (holderId !== claim.holderId) {
        conflicts.push({ claim, holderId });
      }
    }
    if (taken.length > 0) {
      await this.#access.on(unit, 'uniqueKeys', (collection, options) => collection.insertMany(taken, options));
    }
    return conflicts;
  }

  async release(unit: Unit, holderId: string, keys?: readonly UniqueKey[]): Promise<void> {
    if (keys?.length === 0) return;
    const remove = async (filter: object): Promise<readonly never[]> => {
      await this.#access.on(unit, 'uniqueKeys', (collection, options) => collection.deleteMany(filter, options));
      return [];
    };
    if (keys === undefined) await remove({ holderId });
    else await inBatches(keys, (batch) => remove({ _id: { $in: batch.map(idOf) }, holderId }));
    forgetHolder(mongoTransactionOf(unit).keyHolders, holderId, keys);
  }

  async holders(unit: Unit | null, keys: readonly UniqueKey[]): Promise<readonly UniqueKeyHolder[]> {
    requireAtMost(mostKeys, keys.length, 'unique keys');
    if (unit === null) return this.#find(null, keys);
    await this.#learn(unit, keys);
    const known = mongoTransactionOf(unit).keyHolders;
    return distinct(keys).flatMap((key) => {
      const holderId = known.get(nameOf(key)) ?? null;
      return holderId === null ? [] : [{ ...idOf(key), holderId }];
    });
  }

  async heldBy(unit: Unit | null, holderId: string): Promise<readonly UniqueKey[]> {
    const documents = await this.#access.on(unit, 'uniqueKeys', (collection, options) =>
      collection.find<KeyDocument>({ holderId }, { ...options, limit: mostKeys + 1 }).toArray(),
    );
    requireAtMost(mostKeys, documents.length, 'unique keys of one holder');
    return documents.map((document) => idOf(document._id));
  }

  async list(after: string | null, limit: number): Promise<readonly UniqueKeyHolder[]> {
    const documents = await this.#access.on(null, 'uniqueKeys', (collection, options) =>
      collection
        .find<KeyDocument>({ holderId: { $gt: after ?? '' } }, { ...options, sort: { holderId: 1 }, limit })
        .toArray(),
    );
    const last = documents.at(-1)?.holderId;
    if (last === undefined) return [];
    const before = documents.filter(({ holderId }) => holderId !== last);
    const page = [
      ...before.map(({ _id, holderId }) => ({ ...idOf(_id), holderId })),
      ...(await this.heldBy(null, last)).map((key) => ({ ...key, holderId: last })),
    ];
    // It may have given all of them back meanwhile.
    return page.length === 0 ? this.list(last, limit) : page;
  }

  /** Reads the holders this unit has not seen yet; a transaction need not read the same key twice. */
  async #learn(unit: Unit, keys: readonly UniqueKey[]): Promise<void> {
    const known = mongoTransactionOf(unit).keyHolders;
    const unseen = keys.filter((key) => !known.has(nameOf(key)));
    if (unseen.length === 0) return;
    const found = await this.#find(unit, unseen);
    for (const key of unseen) known.set(nameOf(key), null);
    for (const holder of found) known.set(nameOf(holder), holder.holderId);
  }

  async #find(unit: Unit | null, keys: readonly UniqueKey[]): Promise<readonly UniqueKeyHolder[]> {
    if (keys.length === 0) return [];
    const documents = await inBatches(keys, (batch) =>
      this.#access.on(unit, 'uniqueKeys', (collection, options) =>
        collection.find<KeyDocument>({ _id: { $in: batch.map(idOf) } }, options).toArray(),
      ),
    );
    return documents.map((document) => ({ ...idOf(document._id), holderId: document.holderId }));
  }
}

/** The `_id`: always these fields in this order, as MongoDB compares documents byte by byte. */
function idOf({ scope, rule, hash }: UniqueKey): UniqueKey {
  return { scope, rule, hash };
}

function nameOf({ scope, rule, hash }: UniqueKey): string {
  return `${scope}\0${rule}\0${hash}`;
}

function distinct(keys: readonly UniqueKey[]): readonly UniqueKey[] {
  return [...new Map(keys.map((key) => [nameOf(key), key])).values()];
}

function forgetHolder(
  known: Map<string, string | null>,
  holderId: string,
  keys: readonly UniqueKey[] | undefined,
): void {
  const names = keys === undefined ? [...known.keys()] : keys.map(nameOf);
  for (const name of names) if (known.get(name) === holderId) known.set(name, null);
}
