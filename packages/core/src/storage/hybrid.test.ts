import { createServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { createPool } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../test-support/servers.js';
import { hybrid } from './hybrid.js';
import type { Storage } from './storage.js';

let databases: ServerDatabases;

beforeAll(async () => {
  databases = await makeServerDatabases();
});

afterAll(() => databases.drop());

function newStorage(): Storage {
  return hybrid({ mongo: { url: databases.mongoUrl }, mysql: { url: databases.mysqlUrl } });
}

async function onMysql(sql: string): Promise<void> {
  const connection = await createConnection(databases.mysqlUrl);
  await connection.query(sql);
  await connection.end();
}

async function onMongo<Result>(work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(databases.mongoUrl);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

describe('opening', () => {
  it('connects to nothing before open, and says so', async () => {
    const storage = newStorage();
    await expect(storage.leads.get(null, [])).resolves.toEqual([]);
    await expect(storage.outbox.count('documents')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(storage.users.count()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await storage.close();
  });

  it('opens once for callers at once, in two processes at once, on an empty database', async () => {
    const [one, two] = [newStorage(), newStorage()];
    await Promise.all([one.open(), one.open(), two.open(), two.open(), one.open()]);
    expect(await one.users.count()).toBe(await two.users.count());
    const findings = await one.check();
    expect(findings.filter((finding) => !finding.ok)).toEqual([]);
    expect(findings.map((finding) => finding.name)).toEqual(
      expect.arrayContaining(['mongodb replica set', 'mysql version', 'mysql durability']),
    );
    await Promise.all([one.close(), two.close(), one.close()]);
  });

  it('waits for another process that makes the tables, longer than one statement may take', async () => {
    const fresh = await makeServerDatabases();
    const maker = await createConnection(fresh.mysqlUrl);
    const lock = "CONCAT('lms:', LEFT(SHA2(DATABASE(), 256), 40))";
    await maker.query(`SELECT GET_LOCK(${lock}, 1)`);
    const storage = hybrid({
      mongo: { url: fresh.mongoUrl },
      mysql: { url: fresh.mysqlUrl },
      timeouts: { statementMillis: 1500 },
    });
    const opening = storage.open();
    const early = await Promise.race([opening.then(() => 'opened'), sleep(2200, 'waits')]);
    await maker.query(`SELECT RELEASE_LOCK(${lock})`);
    await opening;
    expect(early).toBe('waits');
    await Promise.all([storage.close(), maker.end()]);
    await fresh.drop();
  });

  it('names the servers without credentials, and has no key file of its own', () => {
    const storage = hybrid({
      mongo: { url: 'mongodb://lms:s3cret@db1.example.test/leads?tls=true' },
      mysql: { url: 'mysql://lms:s3cret@db2.example.test/leads?tls=true' },
    });
    expect(storage.label).toBe('mongodb db1.example.test/leads + mysql db2.example.test/leads');
    expect(storage.defaultKeyFile).toBeNull();
    expect(storage.unitOfWork.oneDatabase).toBe(false);
    expect(storage.numbers.inUnit).toBe(false);
  });

  it.each([
    { timeouts: { connectMillis: 0 }, place: 'connectMillis' },
    { timeouts: { statementMillis: 1.5 }, place: 'statementMillis' },
    { poolSize: -1, place: 'poolSize' },
  ])('refuses $place that is no whole number above 0', ({ place, ...options }) => {
    const make = () => hybrid({ mongo: { url: databases.mongoUrl }, mysql: { url: databases.mysqlUrl }, ...options });
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', path: place }));
  });
});

describe('servers that are not there', () => {
  const timeouts = { connectMillis: 600 };

  it.each([
    {
      name: 'MongoDB',
      options: () => ({ mongo: { url: 'mongodb://127.0.0.1:1/lms' }, mysql: { url: databases.mysqlUrl } }),
    },
    {
      name: 'MySQL',
      options: () => ({ mongo: { url: databases.mongoUrl }, mysql: { url: 'mysql://root@127.0.0.1:1/lms' } }),
    },
  ])('says STORE_UNAVAILABLE within the time-out when $name refuses', async ({ options }) => {
    const storage = hybrid({ ...options(), timeouts });
    const begun = performance.now();
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('127.0.0.1:1'),
    });
    expect(performance.now() - begun).toBeLessThan(5000);
    await storage.close();
  });

  it('gives up on servers that accept and never answer', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const storage = hybrid({
      mongo: { url: `mongodb://127.0.0.1:${port}/lms` },
      mysql: { url: `mysql://root@127.0.0.1:${port}/lms` },
      timeouts,
    });
    await expect(storage.open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await storage.close();
    silent.close();
  });

  it('can be opened later, when the server has come', async () => {
    const missing = databases.mysqlUrl.replace(/\/lms_test/, '/lms_late_test');
    const storage = hybrid({ mongo: { url: databases.mongoUrl }, mysql: { url: missing } });
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining('CREATE DATABASE'),
    });
    const name = new URL(missing).pathname.slice(1);
    await onMysql(`CREATE DATABASE ${name}`);
    await storage.open();
    expect(await storage.users.count()).toBe(0);
    await storage.close();
    await onMysql(`DROP DATABASE ${name}`);
  });
});

describe('stores of a newer release', () => {
  let newer: ServerDatabases;

  beforeAll(async () => {
    newer = await makeServerDatabases();
    const storage = hybrid({ mongo: { url: newer.mongoUrl }, mysql: { url: newer.mysqlUrl } });
    await storage.open();
    await storage.close();
  });

  afterAll(() => newer.drop());

  it('are refused with STORE_TOO_NEW, whichever side is newer', async () => {
    const client = new MongoClient(newer.mongoUrl);
    const meta = client.db().collection<{ _id: string }>('lms_meta');
    const connection = await createConnection(newer.mysqlUrl);
    const open = async () => {
      const storage = hybrid({ mongo: { url: newer.mongoUrl }, mysql: { url: newer.mysqlUrl } });
      await storage.open().finally(() => storage.close());
    };
    await meta.updateOne({ _id: 'layout' }, { $set: { version: 99 } });
    await expect(open()).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
    await meta.updateOne({ _id: 'layout' }, { $set: { version: 1 } });
    await connection.query('UPDATE store_schema SET version = 99');
    await expect(open()).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
    await connection.end();
    await client.close();
  });
});

describe('clients and pools that are given', () => {
  it('are used, and stay open when the store closes', async () => {
    const client = new MongoClient(databases.mongoUrl, { useBigInt64: true });
    const pool = createPool({
      uri: databases.mysqlUrl,
      flags: ['FOUND_ROWS'],
      bigNumberStrings: true,
      supportBigNumbers: true,
    });
    const database = new URL(databases.mysqlUrl).pathname.slice(1);
    const storage = hybrid({ mongo: { client, database }, mysql: { pool } });
    await storage.open();
    expect(await storage.numbers.draw(null, 'given', 2)).toBe(1);
    expect(await storage.users.count()).toBe(0);
    await storage.close();
    expect(await client.db(database).command({ ping: 1 })).toMatchObject({ ok: 1 });
    expect(await pool.promise().query('SELECT 1')).toBeDefined();
    await client.close();
    await pool.promise().end();
  });

  it('must be large enough for what waits for each other', async () => {
    const pool = createPool({ uri: databases.mysqlUrl, flags: ['FOUND_ROWS'], connectionLimit: 4 });
    const storage = hybrid({ mongo: { url: databases.mongoUrl }, mysql: { pool } });
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      details: { setting: 'connectionLimit' },
      message: expect.stringContaining('connectionLimit: 5 or more'),
    });
    await storage.close();
    await pool.promise().end();
  });

  it('of the least size run more units than they have connections, each reading outside itself, in a turn', async () => {
    const pool = createPool({ uri: databases.mysqlUrl, flags: ['FOUND_ROWS'], connectionLimit: 5 });
    const timeouts = { connectMillis: 1000 };
    const storage = hybrid({ mongo: { url: databases.mongoUrl }, mysql: { pool }, timeouts });
    await storage.open();
    const counts: number[] = [];
    const unit = () =>
      storage.unitOfWork.run('ledger', async () => {
        counts.push(await storage.users.count());
      });
    await storage.turns.alone('busy', async () => {
      await Promise.all(Array.from({ length: 12 }, unit));
    });
    expect(counts).toHaveLength(12);
    await storage.close();
    await pool.promise().end();
  });

  it('of the least size make several backups at once while units run in a turn, none waiting for what another holds', async () => {
    const pool = createPool({ uri: databases.mysqlUrl, flags: ['FOUND_ROWS'], connectionLimit: 5 });
    const timeouts = { connectMillis: 500 };
    const storage = hybrid({ mongo: { url: databases.mongoUrl }, mysql: { pool }, timeouts });
    await storage.open();
    const tables: number[] = [];
    const copy = async (): Promise<void> => {
      const snapshot = await storage.snapshots.snapshot();
      const names = new Set<string>();
      // For longer than a free connection is waited for.
      await sleep(1_200);
      for await (const { table } of snapshot.batches()) names.add(table);
      await snapshot.close();
      tables.push(names.size);
    };
    const unit = () => storage.unitOfWork.run('ledger', async () => storage.users.count());
    await storage.turns.alone('busy', async () => {
      await Promise.all([copy(), copy(), ...Array.from({ length: 6 }, unit)]);
    });
    expect(tables).toHaveLength(2);
    expect(new Set(tables).size).toBe(1);
    const late = storage.snapshots.snapshot();
    await (await late).close();
    await storage.close();
    await expect(storage.snapshots.snapshot()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await pool.promise().end();
  });

  it('must count found rows', async () => {
    const pool = createPool({ uri: databases.mysqlUrl, flags: ['-FOUND_ROWS'] });
    const storage = hybrid({ mongo: { url: databases.mongoUrl }, mysql: { pool } });
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      details: { setting: 'FOUND_ROWS' },
    });
    await storage.close();
    await pool.promise().end();
  });
});

describe('the collections', () => {
  it('refuse documents that LMS would not write', async () => {
    const storage = newStorage();
    await storage.open();
    await onMongo(async (client) => {
      const db = client.db();
      await expect(db.collection('unique_keys').insertOne({ holderId: 7 })).rejects.toMatchObject({ code: 121 });
      await expect(db.collection('leads').insertOne({ format: 1, amountPaise: 1.5 })).rejects.toMatchObject({
        code: 121,
      });
    });
    await storage.close();
  });
});

describe('closing', () => {
  it('waits for running units and refuses new ones', async () => {
    const storage = newStorage();
    await storage.open();
    const slow = storage.unitOfWork.run('ledger', async (unit) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return storage.users.get(unit, 'nobody');
    });
    const closed = storage.close();
    await expect(storage.unitOfWork.run('ledger', async () => 1)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect(await slow).toBeNull();
    await closed;
    await expect(storage.users.count()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(storage.open()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  it('answers the reads that were begun, of both halves, and refuses later ones by name', async () => {
    const storage = newStorage();
    await storage.open();
    const read = async (): Promise<unknown> =>
      Promise.all([storage.users.count(), storage.outbox.count('documents')]).catch((error: unknown) => error);
    const begun = Array.from({ length: 40 }, read);
    const closed = storage.close();
    const meanwhile: unknown[] = [];
    let isClosed = false;
    const going = closed.then(() => {
      isClosed = true;
    });
    while (!isClosed) {
      meanwhile.push(await read());
      await nextTurn();
    }
    await going;
    expect(new Set((await Promise.all(begun)).map((answer) => JSON.stringify(answer)))).toEqual(new Set(['[0,0]']));
    for (const answer of [...meanwhile, await read()]) {
      const isAnswer = JSON.stringify(answer) === '[0,0]';
      expect(isAnswer || (answer instanceof Error && 'code' in answer && answer.code)).toSatisfy(
        (seen) => seen === true || seen === 'STORE_CLOSED',
      );
    }
  });
});
