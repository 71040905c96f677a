import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { mongoScans } from '../../../test-support/statements/mongo-scans.js';
import { MongoDatabase } from './mongo-database.js';
import { prepareLayout } from './mongo-layout.js';

let databases: ServerDatabases;
let client: MongoClient;

beforeAll(async () => {
  databases = await makeServerDatabases();
  client = new MongoClient(databases.mongoUrl);
  await prepareLayout(new MongoDatabase(client, undefined, 'the test server'));
});

afterAll(async () => {
  await client.close();
  await databases.drop();
});

const counting = [{ $match: { lane: 1 } }, { $group: { _id: 1, n: { $sum: 1 } } }];

it.each<{ readonly command: Readonly<Record<string, unknown>>; readonly says: RegExp | null }>([
  { command: { find: 'leads', filter: { stage: 'new' }, limit: 5 }, says: /COLLSCAN/ },
  { command: { aggregate: 'outbox', pipeline: counting, cursor: {} }, says: /COLLSCAN/ },
  { command: { find: 'leads', filter: {}, sort: { _id: 1 } }, says: /IXSCAN of all of _id_/ },
  { command: { find: 'leads', filter: {}, sort: { _id: -1 } }, says: /IXSCAN of all of _id_/ },
  { command: { find: 'leads', filter: { _id: { $gt: '' } }, sort: { _id: 1 } }, says: /IXSCAN of all of _id_/ },
  { command: { find: 'leads', filter: { _id: { $gt: 'b' } }, sort: { _id: 1 } }, says: /IXSCAN of _id_: no limit/ },
  { command: { find: 'unique_keys', filter: { holderId: 'a' } }, says: /IXSCAN of holder: no limit/ },
  {
    command: { delete: 'leads', deletes: [{ q: { number: { $gte: '' } }, limit: 0 }] },
    says: /IXSCAN of all of number/,
  },
  { command: { find: 'leads', filter: {}, sort: { _id: 1 }, limit: 5 }, says: null },
  { command: { find: 'leads', filter: { _id: 'a' } }, says: null },
  { command: { find: 'leads', filter: { number: { $in: ['a', 'b'] } } }, says: null },
  { command: { find: 'unique_keys', filter: { _id: { $in: [{ scope: 'a' }, { scope: 'b' }] } } }, says: null },
  { command: { delete: 'unique_keys', deletes: [{ q: { holderId: 'a' }, limit: 0 }] }, says: null },
])('the plan of $command reads too much: $says', async ({ command, says }) => {
  const explained = await client.db().command({ explain: command, verbosity: 'queryPlanner' });
  const found = mongoScans(command, explained);
  if (says === null) expect(found).toEqual([]);
  else expect(found).toEqual([expect.stringMatching(says)]);
});
