import { z } from 'zod';
import { LmsError } from '../../foundation/kernel/index.js';
import type { CollectionPlan } from './collection-plan.js';
import type { MongoDatabase } from './mongo-database.js';

const collectionList = z.object({
  cursor: z.object({
    firstBatch: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        options: z.object({
          collation: z.object({ locale: z.string() }).exactOptional(),
          capped: z.boolean().exactOptional(),
        }),
      }),
    ),
  }),
});
type ListedCollection = z.infer<typeof collectionList>['cursor']['firstBatch'][number];

const indexList = z.object({
  cursor: z.object({
    firstBatch: z.array(
      z.object({
        key: z.record(z.string(), z.unknown()),
        unique: z.boolean().exactOptional(),
        sparse: z.boolean().exactOptional(),
        partialFilterExpression: z.unknown().exactOptional(),
        collation: z.unknown().exactOptional(),
      }),
    ),
  }),
});

type ListedIndex = z.infer<typeof indexList>['cursor']['firstBatch'][number];

/** Whether an index holds every document once, its text byte by byte. */
function isOfAll({ unique, sparse, partialFilterExpression, collation }: ListedIndex): boolean {
  return unique === true && sparse !== true && partialFilterExpression === undefined && collation === undefined;
}

/** More than a database of LMS has; the server's own default is 101. */
const mostListed = 1000;

/**
 * Refuses a database whose collections somebody changed so that a promise would break: one that was dropped, which MongoDB would make
 * anew, empty and without its checks; keys that no longer compare byte by byte; a unique index that is gone, or leaves documents out.
 * @throws LmsError `STORE_CORRUPT` for what is missing, `STORE_MISCONFIGURED` for the rest
 */
export async function requireMongoCollections(
  { database, server }: MongoDatabase,
  plans: readonly Pick<CollectionPlan, 'name' | 'indexes'>[],
): Promise<void> {
  const answer = await database.command({ listCollections: 1, cursor: { batchSize: mostListed } });
  const listed = new Map(collectionList.parse(answer).cursor.firstBatch.map((one) => [one.name, one]));
  const gone = plans.filter(({ name }) => !listed.has(name)).map(({ name }) => name);
  if (gone.length > 0) {
    throw new LmsError('STORE_CORRUPT', {
      message: `${server}: the collection ${gone.join(', ')} of this store is missing; restore the store from a backup`,
    });
  }
  for (const plan of plans) {
    const problem = problemOf(listed.get(plan.name)) ?? (await missingIndex(database, plan));
    if (problem === null) continue;
    throw new LmsError('STORE_MISCONFIGURED', {
      message: `${server}: the collection ${plan.name} ${problem}`,
      details: { setting: plan.name },
    });
  }
}

function problemOf(listed: ListedCollection | undefined): string | null {
  if (listed === undefined) return null;
  const { type, options } = listed;
  if (type !== 'collection') return `is a ${type}; rename it, and open the store again`;
  if (options.capped === true) return 'is capped, so it forgets; copy it into one that is not';
  const { collation } = options;
  if (collation === undefined || collation.locale === 'simple') return null;
  return `compares text by the collation "${collation.locale}"; expected none, so that keys compare byte by byte: copy it into one without`;
}

async function missingIndex(
  database: MongoDatabase['database'],
  { name, indexes }: Pick<CollectionPlan, 'name' | 'indexes'>,
): Promise<string | null> {
  const wanted = indexes.filter(({ unique }) => unique === true);
  if (wanted.length === 0) return null;
  const answer = await database.command({ listIndexes: name, cursor: { batchSize: mostListed } });
  const found = indexList.parse(answer).cursor.firstBatch.filter(isOfAll);
  const keys = new Set(found.map(({ key }) => Object.keys(key).join(',')));
  const missing = wanted.map(({ key }) => Object.keys(key).join(',')).find((key) => !keys.has(key));
  if (missing === undefined) return null;
  return `has no unique index on ${missing} of all documents, so some could be doubled; look for doubled ones, then make it with createIndex and no option but unique`;
}
