import { LmsError } from '../../foundation/kernel/index.js';
import { type CollectionPlan, collectionPlans, mongoLayoutVersion } from './mongo-collections.js';
import type { MongoDatabase } from './mongo-database.js';
import { isMongoError } from './mongo-errors.js';

interface LayoutDocument {
  readonly version: number;
}

/** The document of the collection `meta` that says the database is a store of ours. */
export const layoutId = 'layout';
const namespaceExists = 48;
const duplicateKey = 11000;

/** The version of a store's layout; 0 for a database without one. */
export async function layoutVersion(database: MongoDatabase): Promise<number> {
  const document = await database.collection('meta').findOne<LayoutDocument>({ _id: layoutId });
  return document?.version ?? 0;
}

/**
 * Makes what is missing: collections with their validators, indexes, the layout version. Several processes may do so at
 * once.
 * @throws LmsError `STORE_TOO_NEW`
 */
export async function prepareLayout(database: MongoDatabase): Promise<void> {
  const version = await layoutVersion(database);
  if (version > mongoLayoutVersion) {
    throw new LmsError('STORE_TOO_NEW', {
      message: `the MongoDB database "${database.database.databaseName}" has layout ${version}; this release knows ${mongoLayoutVersion}. Upgrade LMS`,
    });
  }
  if (version === mongoLayoutVersion) return;
  const plans: readonly CollectionPlan[] = Object.values(collectionPlans);
  await Promise.all(plans.map((plan) => prepareCollection(database, plan)));
  await recordVersion(database);
}

async function prepareCollection(database: MongoDatabase, plan: CollectionPlan): Promise<void> {
  const validator = {
    $jsonSchema: { bsonType: 'object', required: [...plan.required], properties: plan.properties },
  };
  try {
    await database.database.createCollection(plan.name, { validator });
  } catch (error) {
    if (!isMongoError(error) || error.code !== namespaceExists) throw error;
    await database.database.command({ collMod: plan.name, validator });
  }
  if (plan.indexes.length > 0) await database.database.collection(plan.name).createIndexes([...plan.indexes]);
}

async function recordVersion(database: MongoDatabase): Promise<void> {
  try {
    await database
      .collection('meta')
      .updateOne({ _id: layoutId }, { $max: { version: mongoLayoutVersion } }, { upsert: true });
  } catch (error) {
    if (!isMongoError(error) || error.code !== duplicateKey) throw error;
  }
}
