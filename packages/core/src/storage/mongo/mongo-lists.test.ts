import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { cryptoRandom } from '../../foundation/kernel/index.js';
import { defaultRepeatPolicy } from '../repeat-policy.js';
import { idsAtOnce } from './in-batches.js';
import { MongoCommands } from './mongo-commands.js';
import { MongoAccess, MongoDatabase } from './mongo-database.js';
import { MongoDataKeyStore } from './mongo-keys.js';
import { prepareLayout } from './mongo-layout.js';
import { MongoOutbox } from './mongo-outbox.js';
import { MongoUniqueKeys } from './mongo-unique-keys.js';
import { MongoUnitOfWork } from './mongo-unit-of-work.js';

let databases: ServerDatabases;
let client: MongoClient;
let database: MongoDatabase;
/** The longest list of ids or alternatives that a command carried. */
let longest = 0;

beforeAll(async () => {
  databases = await makeServerDatabases();
  client = new MongoClient(databases.mongoUrl, { monitorCommands: true });
  database = new MongoDatabase(client, undefined, 'the test server');
  await prepareLayout(database);
  client.on('commandStarted', ({ command }) => {
    for (const filter of [command['filter'], command['deletes']?.[0]?.q]) {
      longest = Math.max(longest, filter?._id?.$in?.length ?? 0, filter?.$or?.length ?? 0);
    }
  });
});

beforeEach(() => {
  longest = 0;
});

afterAll(async () => {
  await client.close();
  await databases.drop();
});

const access = new MongoAccess(
  () => database,
  (work) => work(),
);
const units = new MongoUnitOfWork({
  open: () => database,
  random: cryptoRandom(),
  repeats: defaultRepeatPolicy,
  commitMillis: 10_000,
});
const many = Array.from({ length: 2 * idsAtOnce + 5 }, (_, index) => `n${index}`);

it('unique keys are claimed, read and released a thousand at a time, and none is left out', async () => {
  const keys = new MongoUniqueKeys(access);
  const claims = many.map((hash) => ({ scope: '*', rule: 'test', hash, holderId: 'lead' }));
  expect(await units.run((unit) => keys.claim(unit, claims), {})).toEqual([]);
  expect(await keys.holders(null, claims)).toHaveLength(many.length);
  expect(await keys.heldBy(null, 'lead')).toHaveLength(many.length);
  await units.run((unit) => keys.release(unit, 'lead', claims.slice(1)), {});
  expect(await keys.heldBy(null, 'lead')).toEqual([{ scope: '*', rule: 'test', hash: 'n0' }]);
  expect(longest).toBe(idsAtOnce);
});

it('data keys are read a thousand at a time', async () => {
  const keys = new MongoDataKeyStore(access);
  const stored = many.map((id) => ({ kind: 'lead', id, wrapped: 'w', masterKeyId: 'm', destroyedAt: null }));
  await units.run((unit) => keys.insert(unit, stored), {});
  expect(await keys.find(null, 'lead', many)).toHaveLength(many.length);
  expect(longest).toBe(idsAtOnce);
});

it('events are removed a thousand at a time', async () => {
  const outbox = new MongoOutbox(access);
  await database.collection('outbox').insertMany(many.map((_id) => ({ _id, format: 1, event: '{}' })));
  await outbox.remove(many);
  expect(await outbox.count()).toBe(0);
  expect(longest).toBe(idsAtOnce);
});

it('command records that expired are replaced and forgotten a thousand at a time', async () => {
  const commands = new MongoCommands(access);
  const recorded = (at: string, expiresAt: string): Parameters<MongoCommands['record']>[1] =>
    many.map((key) => ({
      scope: 'user:root',
      key,
      bodyHash: 'h',
      aggregateKind: 'lead',
      aggregateId: 'one',
      version: 1,
      at,
      expiresAt,
    }));
  const first = recorded('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z');
  await units.run((unit) => commands.record(unit, first), {});
  const second = recorded('2026-01-03T00:00:00.000Z', '2026-01-04T00:00:00.000Z');
  await units.run((unit) => commands.record(unit, second), {});
  expect(await commands.trim('2026-02-01T00:00:00.000Z', many.length + 1)).toBe(many.length);
  expect(longest).toBe(idsAtOnce);
});
