import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { isId } from '../../foundation/kernel/index.js';
import { hybrid } from '../hybrid.js';
import { mongoStoreHalf } from '../mongo/mongo-store-half.js';
import { mysqlStoreHalf } from '../mysql/mysql-store-half.js';
import type { Storage } from '../storage.js';
import type { StoreHalf } from '../store-half.js';
import { connectHybrid } from './hybrid-connection.js';
import { hybridSettings } from './hybrid-options.js';
import { tieHalves } from './tie-halves.js';

type Pair = Pick<ServerDatabases, 'mongoUrl' | 'mysqlUrl'>;

interface Ids {
  readonly mongo: string | null;
  readonly mysql: string | null;
}

let one: ServerDatabases;
let two: ServerDatabases;

beforeAll(async () => {
  [one, two] = await Promise.all([makeServerDatabases(), makeServerDatabases()]);
  await Promise.all([openAndClose(one), openAndClose(two)]);
});

afterAll(() => Promise.all([one.drop(), two.drop()]));

beforeEach(async () => {
  for (const pair of [one, two]) await Promise.all([forgetMongo(pair), forgetMysql(pair)]);
});

function storageOf({ mongoUrl, mysqlUrl }: Pair): Storage {
  return hybrid({ mongo: { url: mongoUrl }, mysql: { url: mysqlUrl } });
}

async function openAndClose(pair: Pair): Promise<void> {
  const storage = storageOf(pair);
  await storage.open().finally(() => storage.close());
}

async function onMongo<Result>(pair: Pair, work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(pair.mongoUrl);
  return work(client).finally(() => client.close());
}

async function onMysql(pair: Pair, ...statements: readonly string[]): Promise<unknown> {
  const connection = await createConnection(pair.mysqlUrl);
  try {
    let rows: unknown = [];
    for (const sql of statements) [rows] = await connection.query(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

/** Back to tables and collections without id or data, as a crash right after making them leaves them. */
async function forgetMongo(pair: Pair): Promise<void> {
  await onMongo(pair, async (client) => {
    await client
      .db()
      .collection<{ _id: string }>('lms_meta')
      .updateOne({ _id: 'layout' }, { $unset: { storeId: 1 } });
    await client.db().collection('numbers').deleteMany({});
  });
}

async function forgetMysql(pair: Pair): Promise<void> {
  await onMysql(pair, 'DELETE FROM store_identity', 'DELETE FROM outbox');
}

async function fillMongo(pair: Pair): Promise<void> {
  await onMongo(pair, (client) =>
    client
      .db()
      .collection<{ _id: string }>('numbers')
      .updateOne({ _id: 'LEAD' }, { $set: { drawn: 7n } }, { upsert: true }),
  );
}

async function fillMysql(pair: Pair): Promise<void> {
  await onMysql(pair, "INSERT INTO outbox (home, id, event) VALUES ('ledger', UUID(), '{}')");
}

async function idsOf(pair: Pair): Promise<Ids> {
  const layout = await onMongo(pair, (client) => client.db().collection('lms_meta').findOne({}));
  const rows = await onMysql(pair, 'SELECT id FROM store_identity');
  const [row] = Array.isArray(rows) ? rows : [];
  return { mongo: layout?.['storeId'] ?? null, mysql: row?.id ?? null };
}

/** The server and the database, as messages name them. */
function place(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

async function expectRefused(pair: Pair): Promise<void> {
  const before = await idsOf(pair);
  const error: unknown = await openAndClose(pair).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'STORE_MISCONFIGURED',
    details: { setting: 'store id', documents: before.mongo, ledger: before.mysql },
  });
  const message = error instanceof Error ? error.message : '';
  expect(message).toContain(`mongodb ${place(pair.mongoUrl)} `);
  expect(message).toContain(`mysql ${place(pair.mysqlUrl)} `);
  expect(message).toContain('Check the MongoDB and MySQL addresses');
  expect(message).not.toContain('@');
  expect(await idsOf(pair)).toEqual(before);
}

interface Halves {
  readonly documents: StoreHalf;
  readonly ledger: StoreHalf;
}

/** The halves themselves, in the state of a new store. */
async function onHalves(pair: Pair, work: (halves: Halves) => Promise<void>): Promise<void> {
  const options = { mongo: { url: pair.mongoUrl }, mysql: { url: pair.mysqlUrl } };
  const connection = await connectHybrid(options, hybridSettings(options));
  await Promise.all([forgetMongo(pair), forgetMysql(pair)]);
  const documents = mongoStoreHalf(connection.mongo);
  const ledger = mysqlStoreHalf(connection.mysql, 'mysql');
  await work({ documents, ledger }).finally(() => connection.close());
}

describe('a half', () => {
  it.each(['documents', 'ledger'] as const)('keeps the first id that the %s are offered', (name) =>
    onHalves(one, async ({ [name]: half }) => {
      expect(await half.id()).toBeNull();
      await half.takeId('first');
      await half.takeId('second');
      expect(await half.id()).toBe('first');
    }),
  );

  it.each([
    { name: 'documents', fill: fillMongo },
    { name: 'ledger', fill: fillMysql },
  ] as const)('says whether the $name hold data; an id is none', ({ name, fill }) =>
    onHalves(one, async ({ [name]: half }) => {
      await half.takeId('first');
      expect(await half.holdsData()).toBe(false);
      await fill(one);
      expect(await half.holdsData()).toBe(true);
    }),
  );

  it('is not taken for another store when a second process gives it its id and data just now', () =>
    onHalves(one, async ({ documents, ledger }) => {
      await documents.takeId('agreed');
      const overtaken: StoreHalf = {
        ...ledger,
        async holdsData() {
          await ledger.takeId('agreed');
          await fillMysql(one);
          return ledger.holdsData();
        },
      };
      expect(await tieHalves(documents, overtaken, () => 'never')).toBe('agreed');
    }));
});

describe('a new store', () => {
  it('gets one id, kept on both servers and by every later opening', async () => {
    await openAndClose(one);
    const ids = await idsOf(one);
    expect(ids.mongo).toSatisfy(isId);
    expect(ids.mysql).toBe(ids.mongo);
    await fillMongo(one);
    await fillMysql(one);
    await openAndClose(one);
    expect(await idsOf(one)).toEqual(ids);
  });

  it('gets one id from processes that open it at once, some of them writing already', async () => {
    for (let round = 0; round < 4; round += 1) {
      await Promise.all([forgetMongo(one), forgetMysql(one)]);
      const handles = Array.from({ length: 6 }, () => storageOf(one));
      await Promise.all(
        handles.map(async (storage) => {
          await storage.open();
          await Promise.all([storage.numbers.draw(null, 'LEAD', 1), fillMysql(one)]);
        }),
      );
      await Promise.all(handles.map((storage) => storage.close()));
      const ids = await idsOf(one);
      expect(ids.mongo).toSatisfy(isId);
      expect(ids.mysql).toBe(ids.mongo);
    }
  });

  it('gets one id on servers where nothing was made before, opened at once', async () => {
    const fresh = await makeServerDatabases();
    await Promise.all([openAndClose(fresh), openAndClose(fresh), openAndClose(fresh)]);
    const ids = await idsOf(fresh);
    expect(ids.mongo).toSatisfy(isId);
    expect(ids.mysql).toBe(ids.mongo);
    await fresh.drop();
  });

  it('opens with the MongoDB database whose id MySQL took, when two new ones meet it at once', async () => {
    const pairs = [one, { mongoUrl: two.mongoUrl, mysqlUrl: one.mysqlUrl }];
    const outcomes = await Promise.allSettled(pairs.map(openAndClose));
    const ids = await Promise.all(pairs.map(idsOf));
    const opened = outcomes.map((outcome) => outcome.status === 'fulfilled');
    expect(opened).toContain(true);
    expect(opened).toEqual(ids.map(({ mongo, mysql }) => mongo === mysql));
  });
});

describe('a half without an id', () => {
  it.each([
    { name: 'MySQL', forget: forgetMysql },
    { name: 'MongoDB', forget: forgetMongo },
  ])('takes that of the other when $name is empty, as after a crash in between', async ({ forget }) => {
    await openAndClose(one);
    const ids = await idsOf(one);
    await forget(one);
    await openAndClose(one);
    expect(await idsOf(one)).toEqual(ids);
  });

  it.each([
    { name: 'MySQL', forget: forgetMysql, fill: fillMysql },
    { name: 'MongoDB', forget: forgetMongo, fill: fillMongo },
  ])('is refused when $name holds data', async ({ forget, fill }) => {
    await openAndClose(one);
    await forget(one);
    await fill(one);
    await expectRefused(one);
  });

  it('is given one with the other when the store was made before ids were kept', async () => {
    await fillMongo(one);
    await fillMysql(one);
    await onMysql(one, 'DROP TABLE store_identity');
    await openAndClose(one);
    const ids = await idsOf(one);
    expect(ids.mongo).toSatisfy(isId);
    expect(ids.mysql).toBe(ids.mongo);
  });
});

describe('a half with data', () => {
  it.each([
    { name: 'MongoDB beside a new MySQL', forget: forgetMysql, fill: fillMongo },
    { name: 'MySQL beside a new MongoDB', forget: forgetMongo, fill: fillMysql },
  ])('is refused: $name', async ({ forget, fill }) => {
    await openAndClose(one);
    await fill(one);
    await forget(one);
    const before = await idsOf(one);
    await expect(openAndClose(one)).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining('is new and empty'),
    });
    expect(await idsOf(one)).toEqual(before);
  });
});

describe('halves of two stores', () => {
  it.each([
    {
      name: 'with data',
      fill: async () => void (await Promise.all([one, two].flatMap((pair) => [fillMongo(pair), fillMysql(pair)]))),
    },
    { name: 'without data', fill: async () => {} },
  ])('are refused either way round, $name, and open with their own again', async ({ fill }) => {
    await openAndClose(one);
    await openAndClose(two);
    await fill();
    await expectRefused({ mongoUrl: one.mongoUrl, mysqlUrl: two.mysqlUrl });
    await expectRefused({ mongoUrl: two.mongoUrl, mysqlUrl: one.mysqlUrl });
    await openAndClose(one);
    await openAndClose(two);
  });

  it('are refused when client and pool are given', async () => {
    await openAndClose(one);
    await openAndClose(two);
    const client = new MongoClient(one.mongoUrl);
    const storage = hybrid({
      mongo: { client, database: new URL(one.mongoUrl).pathname.slice(1) },
      mysql: { url: two.mysqlUrl },
    });
    await expect(storage.open()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    await storage.close();
    await client.close();
  });
});
