import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { newestLayout } from '../migrations/migrations.js';
import { type CollectionPlan, validatorOf } from './collection-plan.js';
import { collectionPlans } from './mongo-collections.js';
import type { MongoDatabase } from './mongo-database.js';
import { mongoLayout } from './mongo-layout.js';

const collectionList = z.object({
  cursor: z.object({
    firstBatch: z.array(
      z.object({
        name: z.string(),
        options: z.object({ validator: z.record(z.string(), z.unknown()).exactOptional() }),
      }),
    ),
  }),
});

/** More than a database of LMS has; the server's own default is 101. */
const mostListed = 1000;

/**
 * The collections whose rules are not those of this release's layout, though the store is of it: a process that stood still while it
 * migrated may have put older ones back. None in a store of another layout, whose rules are not known here.
 */
export async function collectionsOfOtherRules(database: MongoDatabase): Promise<readonly CollectionPlan[]> {
  const layout = await mongoLayout(database);
  if (layout?.version !== newestLayout) return [];
  const answer = await database.database.command({ listCollections: 1, cursor: { batchSize: mostListed } });
  const listed = collectionList.parse(answer).cursor.firstBatch;
  const found = new Map(listed.map(({ name, options }) => [name, options.validator]));
  return Object.values(collectionPlans).filter(
    (plan) => found.has(plan.name) && !isDeepStrictEqual(found.get(plan.name), validatorOf(plan)),
  );
}

/** Gives a collection the rules of its plan. Documents that are there are not looked at. */
export async function setRules({ database }: MongoDatabase, plan: Omit<CollectionPlan, 'indexes'>): Promise<void> {
  await database.command({ collMod: plan.name, validator: validatorOf(plan) });
}
