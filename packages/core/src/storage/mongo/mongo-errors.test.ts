import { inspect } from 'node:util';
import { MongoBulkWriteError, MongoClient, MongoNetworkError, MongoOperationTimeoutError } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { cryptoRandom, LmsError } from '../../foundation/kernel/index.js';
import { MongoAccess, MongoDatabase } from './mongo-database.js';
import { storeError } from './mongo-errors.js';
import type { MongoCollectionHandle } from './mongo-handle.js';
import { prepareLayout } from './mongo-layout.js';
import { MongoUnitOfWork } from './mongo-unit-of-work.js';

/** Somebody's data, which no error may show. */
const planted = 'Nandini-Deshpande-19840517';

let databases: ServerDatabases;
let client: MongoClient;
let database: MongoDatabase;
const access = new MongoAccess(
  () => database,
  (work) => work(),
);

beforeAll(async () => {
  databases = await makeServerDatabases();
  client = new MongoClient(databases.mongoUrl);
  database = new MongoDatabase(client, undefined, 'the test server');
  await prepareLayout(database);
  await database.collection('storeKeys').insertMany([storeKey(planted)]);
});

afterAll(async () => {
  await client.close();
  await databases.drop();
});

function storeKey(id: string): object {
  return { _id: id, format: 1, wrapped: planted, masterKeyId: 'one' };
}

/** All that `console.error` and loggers could print of it. */
function shown(error: unknown): string {
  return inspect(error, { depth: 12, showHidden: true, getters: true });
}

interface Refusal {
  readonly what: string;
  readonly operation: (collection: MongoCollectionHandle, options: object) => Promise<unknown>;
}

const refusals: readonly Refusal[] = [
  {
    what: 'an id that is there already, among documents inserted together',
    operation: (keys, options) => keys.insertMany([storeKey(`${planted}-2`), storeKey(planted)], options),
  },
  {
    what: 'a document that the rules refuse, inserted',
    operation: (keys, options) => keys.insertMany([{ _id: 'bad', format: planted, wrapped: planted }], options),
  },
  {
    what: 'a document that the rules refuse, changed',
    operation: (keys, options) => keys.updateOne({ _id: planted }, { $set: { format: planted } }, options),
  },
  {
    what: 'a value that cannot be added to',
    operation: (keys, options) =>
      keys.findOneAndUpdate({ _id: planted }, { $inc: { wrapped: 1 } }, { ...options, returnDocument: 'after' }),
  },
  {
    what: 'a field that cannot be made',
    operation: (keys, options) => keys.updateOne({ _id: planted }, { $set: { 'wrapped.part': planted } }, options),
  },
  {
    what: 'an update that the server does not know',
    operation: (keys, options) => keys.updateOne({ _id: planted }, { $unknown: { [planted]: planted } }, options),
  },
  {
    what: 'a document that is too large',
    operation: (keys, options) =>
      keys.insertMany([{ _id: { [planted]: planted.repeat(700_000) }, format: 1, wrapped: '' }], options),
  },
];

const units = new MongoUnitOfWork({
  open: () => database,
  random: cryptoRandom(),
  repeats: { attempts: 3, firstPauseMillis: 1, longestPauseMillis: 2 },
  commitMillis: 5000,
});

it.each(refusals)('shows no value of a document: $what', async ({ operation }) => {
  const attempts = await Promise.allSettled([
    access.on(null, 'storeKeys', operation),
    units.run((unit) => access.on(unit, 'storeKeys', operation), {}),
  ]);
  for (const attempt of attempts) {
    const error: unknown = attempt.status === 'rejected' ? attempt.reason : 'no error at all';
    expect(LmsError.isInstance(error)).toBe(true);
    expect(shown(error)).not.toContain(planted);
    expect(shown(error)).toMatch(/MongoServerError|MongoBulkWriteError|RangeError|MongoInvalidArgumentError/);
  }
});

it('keeps what helps to find the reason: the name, the code, the index', async () => {
  const error: unknown = await access
    .on(null, 'storeKeys', (keys) => keys.insertMany([storeKey(planted)]))
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'STORE_FAILED',
    cause: {
      name: 'MongoBulkWriteError',
      code: 11000,
      message: expect.stringMatching(/^E11000 duplicate key error collection: \w+\.store_keys index: _id_ dup key/),
    },
  });
});

it.each([
  `not authorized on lms to execute command { find: "leads", filter: { _id: "${planted}" } }`,
  `Plan executor error during update :: caused by :: BSONObj size: 17 is invalid. First element: _id: ${planted}`,
  `mongodb://lms:${planted}@db.example.test/leads`,
  `Failed to parse number '${planted}' in $convert`,
])('shows nothing of what a server repeats: %s', (message) => {
  const said = Object.assign(new Error(message), { name: 'MongoServerError', code: 2 });
  expect(shown(storeError(said, 'the test server'))).not.toContain(planted);
});

it('keeps what lies behind an error of the network, as names and codes', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const lost = Object.assign(new Error('connection 3 to 127.0.0.1:27017 closed', { cause: reset }), {
    name: 'MongoNetworkError',
  });
  expect(storeError(lost, 'the test server')).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    cause: { name: 'MongoNetworkError', cause: { code: 'ECONNRESET', message: 'read ECONNRESET' } },
  });
});

it.each([
  { what: 'a cursor that an election ended', code: 43 },
  { what: 'a plan that was killed', code: 175 },
  { what: 'a cursor that was killed', code: 237 },
  { what: 'an operation that was killed', code: 11_601 },
  { what: 'a server that sheds load', code: 462 },
])('says of $what that it passes', ({ code }) => {
  const said = Object.assign(new Error('said'), { name: 'MongoServerError', code });
  expect(storeError(said, 'the test server')).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
});

it.each([
  { code: 14_031, message: 'available disk space of 1 bytes is less than required minimum of 2' },
  { code: 39, message: 'error writing to file "/data/_tmp/extsort": errno:28 No space left on device' },
])('says of a disk that is full what it is: $message', ({ code, message }) => {
  const said = Object.assign(new Error(message), { name: 'MongoServerError', code });
  expect(storeError(said, 'the test server')).toMatchObject({ code: 'DISK_FULL', retryable: true });
});

it.each([new MongoNetworkError('read ECONNRESET'), new MongoOperationTimeoutError('Timed out during socket read')])(
  'tells a bulk write that was not answered as what it is, to be tried again: $name',
  async (behind) => {
    const result = await client
      .db()
      .collection<{ _id: string }>('of_bulk')
      .bulkWrite([{ insertOne: { document: { _id: behind.name } } }]);
    const error = storeError(new MongoBulkWriteError(behind, result), 'the test server');
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, cause: { name: 'MongoBulkWriteError' } });
  },
);
