import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { withLayoutLease } from './layout-lease.js';
import { MongoDatabase } from './mongo-database.js';

let databases: ServerDatabases;
let client: MongoClient;
let database: MongoDatabase;

interface Meta {
  readonly _id: string;
  readonly version: number;
  readonly lease?: { readonly holder: string; readonly until: Date };
}

beforeAll(async () => {
  databases = await makeServerDatabases();
  client = await new MongoClient(databases.mongoUrl).connect();
  database = new MongoDatabase(client, undefined, 'the test server');
  await meta().insertOne({ _id: 'layout', version: 1 });
});

afterAll(async () => {
  await client.close();
  await databases.drop();
});

function meta() {
  return client.db().collection<Meta>('lms_meta');
}

/** What another process holds, for so long. */
async function heldByAnother(millis: number): Promise<void> {
  const until = new Date(Date.now() + millis);
  await meta().updateOne({ _id: 'layout' }, { $set: { lease: { holder: 'another', until } } });
}

it('is had by one at a time, and given back', async () => {
  const outcome = await withLayoutLease({ database, holder: 'one', waitMillis: 0 }, () =>
    withLayoutLease({ database, holder: 'two', waitMillis: 300 }, async () => 'both').catch((error: unknown) => error),
  );
  expect(outcome).toMatchObject({ code: 'STORE_LOCKED', retryable: true });
  expect(await withLayoutLease({ database, holder: 'two', waitMillis: 0 }, async () => 'alone')).toBe('alone');
  expect(await meta().findOne()).toEqual({ _id: 'layout', version: 1 });
});

it('of a process that died is taken once its time is over', async () => {
  await heldByAnother(600);
  expect(await withLayoutLease({ database, holder: 'one', waitMillis: 10_000 }, async () => 'taken')).toBe('taken');
});

it('that was lost is noticed at the next renewal, and stays with who has it', async () => {
  const lost = withLayoutLease({ database, holder: 'one', waitMillis: 0 }, async (lease) => {
    await lease.renew();
    await heldByAnother(60_000);
    await lease.renew();
  });
  await expect(lost).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  expect((await meta().findOne())?.lease?.holder).toBe('another');
});
