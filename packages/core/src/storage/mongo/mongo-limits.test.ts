import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { startTcpProxy, type TcpProxy } from '../../../test-support/tcp-proxy.js';
import { cryptoRandom } from '../../foundation/kernel/index.js';
import { defaultRepeatPolicy } from '../repeat-policy.js';
import { MongoAccess, MongoDatabase } from './mongo-database.js';
import type { MongoCollectionHandle } from './mongo-handle.js';
import { prepareCollection, prepareLayout } from './mongo-layout.js';
import { MongoUnitOfWork } from './mongo-unit-of-work.js';

/** Of what is expected to end by it; the rest has time, as the machine may be busy. */
const operationMillis = 600;
const unhurried = 15_000;

let databases: ServerDatabases;
let proxy: TcpProxy;
const clients: MongoClient[] = [];

beforeAll(async () => {
  databases = await makeServerDatabases();
  proxy = await startTcpProxy(Number(new URL(databases.mongoUrl).port));
  await prepareLayout(databaseOf(clientTo(databases.mongoUrl)).withTime(0));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(async () => {
  await proxy.close();
  await databases.drop();
});

function clientTo(url: string): MongoClient {
  const client = new MongoClient(url, { monitorCommands: true });
  clients.push(client);
  return client;
}

function databaseOf(client: MongoClient, millis: number = operationMillis): MongoDatabase {
  return new MongoDatabase(client, undefined, 'the test server', millis);
}

/** A client whose next connection that sends some text can be kept waiting. */
function throughProxy(): MongoClient {
  const { pathname } = new URL(databases.mongoUrl);
  return clientTo(`mongodb://127.0.0.1:${proxy.port}${pathname}?directConnection=true`);
}

function accessTo(database: MongoDatabase): MongoAccess {
  return new MongoAccess(
    () => database,
    (work) => work(),
  );
}

function unitsOn(database: MongoDatabase): MongoUnitOfWork {
  const repeats = defaultRepeatPolicy;
  return new MongoUnitOfWork({ open: () => database, random: cryptoRandom(), repeats, commitMillis: operationMillis });
}

const tooSlow = {
  code: 'STORE_UNAVAILABLE',
  retryable: true,
  message: expect.stringMatching(/did not answer in time.*timeouts\.statementMillis/),
};

async function elapsed(work: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work.catch(() => undefined);
  return performance.now() - before;
}

function event(id: string): object {
  return { _id: id, format: 1, event: '{}' };
}

it('every operation tells the server how long it may take, inside a unit and outside', async () => {
  const client = clientTo(databases.mongoUrl);
  const database = databaseOf(client, unhurried);
  await client.connect();
  const sent = new Map<string, unknown>();
  client.on('commandStarted', ({ commandName, command }) => sent.set(commandName, command['maxTimeMS']));
  const all = async (outbox: MongoCollectionHandle, options: object): Promise<void> => {
    await outbox.insertMany([event('one'), event('two')], options);
    await outbox.find({ _id: 'one' }, options).toArray();
    await outbox.findOne({ _id: 'one' }, options);
    await outbox.updateOne({ _id: 'one' }, { $set: { lane: 1 } }, options);
    await outbox.findOneAndUpdate({ _id: 'one' }, { $set: { lane: 2 } }, options);
    await outbox.countDocuments({}, options);
    await outbox.deleteOne({ _id: 'one' }, options);
    await outbox.deleteMany({ _id: 'two' }, options);
  };
  const access = accessTo(database);
  await access.on(null, 'outbox', all);
  const outside = new Map(sent);
  sent.clear();
  await unitsOn(database).run((unit) => access.on(unit, 'outbox', all), {});
  const names = ['aggregate', 'delete', 'find', 'findAndModify', 'insert', 'update'];
  expect([...outside].sort()).toEqual(names.map((name) => [name, unhurried]));
  expect([...sent].sort()).toEqual(
    [...names, 'commitTransaction']
      .sort()
      .map((name) => [name, name === 'commitTransaction' ? operationMillis : unhurried]),
  );
});

it('building an index, and what says its own time, is not cut short', async () => {
  const client = clientTo(databases.mongoUrl);
  await client.connect();
  const sent: unknown[] = [];
  client.on('commandStarted', ({ command }) => sent.push(command['maxTimeMS']));
  const indexes = [{ key: { dueAt: 1 } as const, name: 'due' }];
  await prepareCollection(databaseOf(client).withTime(0), {
    name: 'tried',
    indexes,
    required: ['_id'],
    properties: {},
  });
  await databaseOf(client).database.command({ collMod: 'tried', maxTimeMS: 77 });
  expect(sent).toEqual([undefined, undefined, 77]);
});

describe('a server that is busy with an operation', () => {
  const slow = (collection: MongoCollectionHandle, options: object): Promise<unknown> =>
    collection.find({ $where: 'sleep(5000) || true' }, options).toArray();

  it('gives it up in time, inside a unit and outside, and it is not begun again', async () => {
    const client = clientTo(databases.mongoUrl);
    const database = databaseOf(client);
    const access = accessTo(database);
    await databaseOf(client, unhurried)
      .collection('outbox')
      .insertMany([event('slow')]);
    await expect(access.on(null, 'outbox', slow)).rejects.toMatchObject(tooSlow);
    let begun = 0;
    const unit = unitsOn(database).run((own) => {
      begun += 1;
      return access.on(own, 'outbox', slow);
    }, {});
    await expect(unit).rejects.toMatchObject(tooSlow);
    expect(begun).toBe(1);
  });
});

describe('a server that is there and does not answer', () => {
  it('is told to who reads, in time, while others get their answers', async () => {
    const client = throughProxy();
    const access = accessTo(databaseOf(client));
    const held = proxy.cutNext({ when: 'never-read', at: 'never-answered' });
    const read = access.on(null, 'outbox', (outbox) => outbox.findOne({ _id: 'never-read' }));
    const waited = elapsed(read);
    await expect(read).rejects.toMatchObject(tooSlow);
    await held;
    expect(await waited).toBeLessThan(10_000);
    expect(await databaseOf(client, unhurried).collection('outbox').findOne({ _id: 'other' })).toBeNull();
  });

  it('is told to who works in a unit, of which nothing stays', async () => {
    const client = throughProxy();
    const database = databaseOf(client);
    const access = accessTo(database);
    void proxy.cutNext({ when: 'never-kept', at: 'never-answered' });
    const unit = unitsOn(database).run(async (own) => {
      await access.on(own, 'outbox', (outbox, options) => outbox.insertMany([event('first')], options));
      await access.on(own, 'outbox', (outbox, options) => outbox.insertMany([event('never-kept')], options));
    }, {});
    const waited = elapsed(unit);
    await expect(unit).rejects.toMatchObject(tooSlow);
    expect(await waited).toBeLessThan(10_000);
    expect(await databaseOf(client, unhurried).collection('outbox').findOne({ _id: 'first' })).toBeNull();
  });

  it('is told to who commits: nobody knows whether it took effect', async () => {
    const database = databaseOf(throughProxy(), unhurried);
    const access = accessTo(database);
    void proxy.cutNext({ when: 'commitTransaction', at: 'never-answered' });
    const unit = unitsOn(database).run(
      (own) => access.on(own, 'outbox', (outbox, options) => outbox.insertMany([event('committed')], options)),
      {},
    );
    await expect(unit).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      details: { outcome: 'unknown' },
    });
    expect(await access.on(null, 'outbox', (outbox) => outbox.findOne({ _id: 'committed' }))).not.toBeNull();
  });

  it('is told so to who commits where no other connection is answered either, and it takes nothing back', async () => {
    const silent = await startTcpProxy(Number(new URL(databases.mongoUrl).port));
    const client = clientTo(
      `mongodb://127.0.0.1:${silent.port}${new URL(databases.mongoUrl).pathname}?directConnection=true&serverSelectionTimeoutMS=1000`,
    );
    const sent: string[] = [];
    client.on('commandStarted', ({ commandName }) => sent.push(commandName));
    const database = databaseOf(client, unhurried);
    void silent.cutNext({ when: 'commitTransaction', at: 'all-silent' });
    const unit = unitsOn(database).run(
      (own) =>
        accessTo(database).on(own, 'outbox', (outbox, options) => outbox.insertMany([event('unheard')], options)),
      {},
    );
    const told = await unit.catch((error: unknown) => error);
    const commands = [...sent];
    await silent.close();
    expect(told).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, details: { outcome: 'unknown' } });
    expect(commands).toEqual(['insert', 'commitTransaction']);
    const others = databaseOf(clientTo(databases.mongoUrl), unhurried);
    expect(await others.collection('outbox').findOne({ _id: 'unheard' })).not.toBeNull();
  });
});
