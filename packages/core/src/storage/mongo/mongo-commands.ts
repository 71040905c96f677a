import type { Instant } from '../../foundation/kernel/index.js';
import type { CommandRecord, Unit } from '../../foundation/persistence/index.js';
import { inBatches } from './in-batches.js';
import { documentFormat } from './mongo-collections.js';
import { type MongoAccess, requireAtMost } from './mongo-database.js';
import { mongoTransactionOf } from './mongo-transaction.js';

type CommandDocument = Omit<CommandRecord, 'scope' | 'key'> & {
  readonly _id: { readonly scope: string; readonly key: string };
  readonly format: number;
};

const mostKeys = 1000;

/** Command records of the documents home. */
export class MongoCommands {
  readonly #access: MongoAccess;

  constructor(access: MongoAccess) {
    this.#access = access;
  }

  async find(unit: Unit | null, scope: string, keys: readonly string[]): Promise<readonly CommandRecord[]> {
    if (keys.length === 0) return [];
    requireAtMost(mostKeys, keys.length, 'command keys');
    const documents = await this.#access.on(unit, 'commands', (collection, options) =>
      collection.find<CommandDocument>({ _id: { $in: keys.map((key) => ({ scope, key })) } }, options).toArray(),
    );
    const records = documents.map(({ _id, format: _format, ...record }) => ({
      scope: _id.scope,
      key: _id.key,
      ...record,
    }));
    if (unit !== null) {
      const { commandKeys } = mongoTransactionOf(unit);
      for (const key of keys) commandKeys.set(nameOf({ scope, key }), false);
      for (const record of records) commandKeys.set(nameOf(record), true);
    }
    return records;
  }

  /** A key recorded meanwhile by another unit is a duplicate here, for which the unit of work repeats the work. */
  async record(unit: Unit, records: readonly CommandRecord[]): Promise<void> {
    if (records.length === 0) return;
    const documents = records.map(({ scope, key, ...record }) => ({
      _id: { scope, key },
      format: documentFormat,
      ...record,
    }));
    await this.#removeExpired(unit, records);
    await this.#access.on(unit, 'commands', (collection, options) => collection.insertMany(documents, options));
  }

  async trim(at: Instant, limit: number): Promise<number> {
    const expired = await this.#access.on(null, 'commands', (collection, options) =>
      collection
        .find<Pick<CommandDocument, '_id'>>(
          { expiresAt: { $lt: at } },
          { ...options, sort: { expiresAt: 1 }, limit, projection: { _id: 1 } },
        )
        .toArray(),
    );
    if (expired.length === 0) return 0;
    const removed = await inBatches(expired, async (batch) => {
      const filter = { _id: { $in: batch.map((document) => document._id) }, expiresAt: { $lt: at } };
      const result = await this.#access.on(null, 'commands', (collection, options) =>
        collection.deleteMany(filter, options),
      );
      return [result.deletedCount];
    });
    return removed.reduce((sum, count) => sum + count, 0);
  }

  /** Makes room for records whose keys have expired; those this unit has seen to be free need none. */
  async #removeExpired(unit: Unit, records: readonly CommandRecord[]): Promise<void> {
    const { commandKeys } = mongoTransactionOf(unit);
    const doubtful = records.filter((record) => commandKeys.get(nameOf(record)) !== false);
    if (doubtful.length === 0) return;
    // Mostly one time for all.
    for (const at of new Set(doubtful.map((record) => record.at))) {
      const recorded = doubtful.filter((record) => record.at === at);
      await inBatches(recorded, async (batch) => {
        const filter = { _id: { $in: batch.map(({ scope, key }) => ({ scope, key })) }, expiresAt: { $lte: at } };
        await this.#access.on(unit, 'commands', (collection, options) => collection.deleteMany(filter, options));
        return [];
      });
    }
  }
}

function nameOf({ scope, key }: { readonly scope: string; readonly key: string }): string {
  return `${scope}\0${key}`;
}
