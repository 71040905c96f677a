import { inTime } from '../../foundation/kernel/index.js';
import type { MongoCollectionHandle, MongoDatabaseHandle } from './mongo-handle.js';

/** How long one operation may take unless it is said otherwise. */
export const usualOperationMillis = 30_000;
/** Copying or emptying a collection of many millions of documents takes minutes. */
export const wholeCollectionMillis = 3_600_000;
/** Waits as long as it takes: building an index. */
export const noLimit = 0;

/** The server is given as long as it was told, and then a little to say so. */
const answerMillis = 1_000;

/** No answer came in time, not even that the operation took too long. What was asked may still happen; nobody waits for it. */
export class SlowOperation extends Error {
  constructor(millis: number) {
    super(`no answer within ${millis} ms`);
    // The name that the driver gives to what it ends by a time of its own.
    this.name = 'MongoOperationTimeoutError';
  }
}

/** @throws SlowOperation when there is no answer within the time, 0 meaning any */
export async function within<Answer>(millis: number, answer: Promise<Answer>): Promise<Answer> {
  if (millis === noLimit) return answer;
  return inTime(millis, answer, () => new SlowOperation(millis));
}

/**
 * A database whose every operation ends in time: the server is told to give up after `millis` (`maxTimeMS`), and where it does not even
 * say that, the caller is told a second later. (`timeoutMS` has no effect in version 7 of the driver, and a time-out of the socket would
 * be one for all operations.)
 */
export function limitedDatabase(database: MongoDatabaseHandle, millis: number): MongoDatabaseHandle {
  const limited = limiter(millis);
  return {
    databaseName: database.databaseName,
    collection: (name, options) => limitedCollection(database.collection(name, options), millis),
    command: (command, options) => limited(database.command({ ...command, ...timeOf(command, millis) }, options)),
    createCollection: (name, options) => limited(database.createCollection(name, options)),
  };
}

function limitedCollection(collection: MongoCollectionHandle, millis: number): MongoCollectionHandle {
  const limited = limiter(millis);
  const timed = (options: object = {}): object => ({ ...options, ...timeOf(options, millis) });
  return {
    find: <Row extends object>(filter: object, options?: object) => ({
      toArray: () => limited(collection.find<Row>(filter, timed(options)).toArray()),
    }),
    findOne: <Row extends object>(filter: object, options?: object) =>
      limited(collection.findOne<Row>(filter, timed(options))),
    findOneAndUpdate: (filter, update, options) => limited(collection.findOneAndUpdate(filter, update, timed(options))),
    insertMany: (documents, options) => limited(collection.insertMany(documents, timed(options))),
    updateOne: (filter, update, options) => limited(collection.updateOne(filter, update, timed(options))),
    deleteOne: (filter, options) => limited(collection.deleteOne(filter, timed(options))),
    deleteMany: (filter, options) => limited(collection.deleteMany(filter, timed(options))),
    countDocuments: (filter, options) => limited(collection.countDocuments(filter, timed(options))),
    createIndexes: (indexes, options) => limited(collection.createIndexes(indexes, timed(options))),
  };
}

function limiter(millis: number): <Answer>(answer: Promise<Answer>) => Promise<Answer> {
  return (answer) => within(millis === noLimit ? noLimit : millis + answerMillis, answer);
}

/** What says its own time keeps it. */
function timeOf(given: object, millis: number): { readonly maxTimeMS?: number } {
  return millis === noLimit || 'maxTimeMS' in given ? {} : { maxTimeMS: millis };
}
