import { cryptoRandom, LmsError, systemClock, uuidV7Source } from '../../foundation/kernel/index.js';
import type { Migration, MongoFill, MongoOperation } from '../migrations/migration.js';
import type { MigrationTarget } from '../migrations/run-migrations.js';
import { answerWithin } from '../server-address.js';
import { type LayoutLease, withLayoutLease } from './layout-lease.js';
import { collectionPlans } from './mongo-collections.js';
import { MongoDatabase } from './mongo-database.js';
import { isMongoError, storeError } from './mongo-errors.js';
import { layoutId, mongoLayout, prepareCollection } from './mongo-layout.js';
import { noLimit } from './mongo-limits.js';
import { collectionsOfOtherRules, setRules } from './mongo-rules.js';
import { mongoServerFacts, requireMongoServer } from './mongo-server-check.js';
import { type MongoLinkOptions, type MongoSource, mongoLabel, mongoLink } from './mongo-source.js';
import { mongoStoreHalf } from './mongo-store-half.js';

const documentsABatch = 1000;
const goneCodes: readonly unknown[] = [26, 27];

export interface MongoMigrationTarget extends MigrationTarget<MongoOperation> {
  /** The store that the documents are of; null while they say none. */
  storeId(): Promise<string | null>;
  /**
   * Sets right the rules that a process which stood still too long put back after others had gone on, once the store has this release's
   * layout. @throws LmsError `STORE_LOCKED`
   */
  mendRules(waitMillis: number): Promise<void>;
}

/** A database to migrate, reached by a client of its own unless one was given. */
export async function onMongoTarget<Result>(
  source: MongoSource,
  settings: MongoLinkOptions & { readonly statementMillis?: number },
  work: (target: MongoMigrationTarget) => Promise<Result>,
): Promise<Result> {
  const server = mongoLabel(source);
  const link = await mongoLink(source, settings);
  const database = new MongoDatabase(link.client, source.database, server, settings.statementMillis);
  try {
    await answerWithin(settings.connectMillis * 2, server, link.client.connect());
    requireMongoServer(await mongoServerFacts(database), server);
    return await work(mongoTarget(database));
  } catch (error) {
    throw storeError(error, server);
  } finally {
    if (link.owned) await link.client.close();
  }
}

/** Each change stands by itself: a step that was killed is begun again and finds what is done. */
function mongoTarget(database: MongoDatabase): MongoMigrationTarget {
  const ids = uuidV7Source(systemClock, cryptoRandom());
  // Building an index, or changing the rules of a collection that is used, takes as long as it takes.
  const unhurried = database.withTime(noLimit);
  let lease: LayoutLease | null = null;
  const renew = async (): Promise<LayoutLease> => {
    if (lease === null) throw new LmsError('INTERNAL', { message: 'the layout is changed without its lease' });
    await lease.renew();
    return lease;
  };
  const exclusively = <Result>(step: () => Promise<Result>, waitMillis: number): Promise<Result> =>
    withLayoutLease({ database, holder: ids.next(), waitMillis }, async (taken) => {
      lease = taken;
      return step();
    });
  return {
    place: database.server,
    layout: () => mongoLayout(database),
    storeId: () => mongoStoreHalf(database).id(),
    operationsOf: ({ collections = [] }: Migration) => collections,
    describe,
    readBy: (operation) => (operation.kind === 'add-index' || operation.kind === 'fill' ? operation.collection : null),
    rowEstimates: () => documentEstimates(database),
    exclusively,
    async apply(operation, between) {
      await renew();
      await applyMongoOperation(unhurried, operation, async (documents) => {
        await renew();
        await between(documents);
      });
      // Whoever stood still before the change came too late with it, and must not go on as if others had not.
      await renew();
    },
    async record({ version, readableBy }) {
      const { holder } = await renew();
      await database
        .collection('meta')
        .updateOne({ _id: layoutId, 'lease.holder': holder }, { $max: { version: readableBy, layout: version } });
    },
    async mendRules(waitMillis) {
      if ((await collectionsOfOtherRules(database)).length === 0) return;
      await exclusively(async () => {
        for (const plan of await collectionsOfOtherRules(database)) {
          await renew();
          await setRules(unhurried, plan);
        }
        await renew();
      }, waitMillis);
    },
  };
}

function describe(operation: MongoOperation): string {
  switch (operation.kind) {
    case 'create-collection':
      return `create collection ${operation.plan.name}`;
    case 'set-rules':
      return `set the rules of ${operation.collection}`;
    case 'add-index':
      return `add index ${operation.index.name} to ${operation.collection}`;
    case 'drop-index':
      return `drop index ${operation.index} of ${operation.collection}`;
    case 'fill':
      return `fill ${operation.collection}.${operation.field} from ${operation.from}`;
  }
}

async function applyMongoOperation(
  database: MongoDatabase,
  operation: MongoOperation,
  between: (documents: number) => Promise<void>,
): Promise<void> {
  switch (operation.kind) {
    case 'create-collection':
      return prepareCollection(database, operation.plan);
    case 'set-rules':
      return setRules(database, { name: operation.collection, ...operation.rules });
    case 'add-index':
      await database.database.collection(operation.collection).createIndexes([operation.index]);
      return;
    case 'drop-index':
      return dropIndex(database, operation);
    case 'fill':
      return fill(database, operation, between);
  }
}

async function dropIndex(
  { database }: MongoDatabase,
  { collection, index }: { readonly collection: string; readonly index: string },
): Promise<void> {
  try {
    await database.command({ dropIndexes: collection, index });
  } catch (error) {
    if (!isMongoError(error) || !goneCodes.includes(error.code)) throw error;
  }
}

/** Range after range of the ids, so that no document is looked at twice. */
async function fill(
  { database }: MongoDatabase,
  { collection: name, field, from }: MongoFill,
  between: (documents: number) => Promise<void>,
): Promise<void> {
  const collection = database.collection(name, { readPreference: 'primary' });
  const options = { sort: { _id: 1 }, limit: documentsABatch, projection: { _id: 1 } };
  let range: object = {};
  for (;;) {
    const page = await collection.find<{ readonly _id: unknown }>(range, options).toArray();
    const last = page.at(-1);
    if (last === undefined) return;
    const lacking = { _id: { $in: page.map(({ _id }) => _id) }, [field]: { $exists: false } };
    const { writeErrors } = await database.command({
      update: name,
      updates: [{ q: lacking, u: [{ $set: { [field]: `$${from}` } }], multi: true }],
      writeConcern: { w: 'majority' },
    });
    if (writeErrors !== undefined) throw refused(name, field);
    await between(page.length);
    range = { _id: { $gt: last._id } };
  }
}

async function documentEstimates({ database }: MongoDatabase): Promise<ReadonlyMap<string, number>> {
  const counted = new Map<string, number>();
  for (const { name } of Object.values(collectionPlans)) {
    const { n } = await database.command({ count: name });
    counted.set(name, typeof n === 'number' ? n : 0);
  }
  return counted;
}

function refused(collection: string, field: string): LmsError {
  return new LmsError('STORE_FAILED', { message: `MongoDB refused to fill ${collection}.${field}` });
}
