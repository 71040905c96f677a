import { refuseOutdated, refuseTooNew } from '../migrations/layout.js';
import { newestLayout, newestReadableBy } from '../migrations/migrations.js';
import type { Layout } from '../migrations-port.js';
import { type CollectionPlan, validatorOf } from './collection-plan.js';
import { collectionPlans } from './mongo-collections.js';
import type { MongoDatabase } from './mongo-database.js';
import { isMongoError } from './mongo-errors.js';

export interface LayoutDocument {
  /** The oldest layout whose releases work with the store: all that releases of the first layout look at. */
  readonly version: number;
  /** The layout itself; stores of the first one lack it. */
  readonly layout?: number;
}

/** The document of the collection `meta` that says the database is a store of ours. */
export const layoutId = 'layout';
const namespaceExists = 48;
const duplicateKey = 11000;

/** What a database says of its layout; null for one without ours. */
export async function mongoLayout(database: MongoDatabase): Promise<Layout | null> {
  const document = await database.collection('meta').findOne<LayoutDocument>({ _id: layoutId });
  return document === null ? null : layoutOf(document);
}

export function layoutOf({ version, layout }: LayoutDocument): Layout {
  return { version: layout ?? version, readableBy: version };
}

/**
 * Makes the collections of a new store, with their validators and indexes. Several processes may do so at once.
 * @throws LmsError `STORE_TOO_NEW`, `STORE_OUTDATED`
 */
export async function prepareLayout(database: MongoDatabase): Promise<void> {
  const layout = await mongoLayout(database);
  if (layout !== null) {
    refuseTooNew(layout, database.server);
    refuseOutdated(layout, database.server);
    return;
  }
  const plans: readonly CollectionPlan[] = Object.values(collectionPlans);
  await Promise.all(plans.map((plan) => prepareCollection(database, plan)));
  await recordNewLayout(database);
}

/** Makes a collection with its rules and indexes; one that is there gets them. */
export async function prepareCollection({ database }: MongoDatabase, plan: CollectionPlan): Promise<void> {
  const validator = validatorOf(plan);
  try {
    await database.createCollection(plan.name, { validator });
  } catch (error) {
    if (!isMongoError(error) || error.code !== namespaceExists) throw error;
    await database.command({ collMod: plan.name, validator });
  }
  if (plan.indexes.length > 0) await database.collection(plan.name).createIndexes([...plan.indexes]);
}

async function recordNewLayout(database: MongoDatabase): Promise<void> {
  try {
    await database
      .collection('meta')
      .updateOne({ _id: layoutId }, { $max: { version: newestReadableBy, layout: newestLayout } }, { upsert: true });
  } catch (error) {
    if (!isMongoError(error) || error.code !== duplicateKey) throw error;
  }
}
