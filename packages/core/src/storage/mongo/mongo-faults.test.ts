import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changedCollections } from '../../../test-support/changed-collections.js';
import { type OwnMongod, onMongod, startMongod, untilPrimary } from '../../../test-support/own-mongod.js';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { loanLead, newStore } from '../../../test-support/store.js';
import { runConformance } from '../../conformance/index.js';
import { LmsError } from '../../index.js';
import { type HybridOptions, hybrid, rawHybrid, scratchHybrid } from '../hybrid.js';
import type { Storage } from '../storage.js';

/** Of the ledger half. */
let databases: ServerDatabases;
let folder: string;
let data: string;
let server: OwnMongod;

beforeAll(async () => {
  databases = await makeServerDatabases();
  folder = await mkdtemp(join(tmpdir(), 'lms-mongo-faults-'));
  data = join(folder, 'data');
  await mkdir(data);
});

afterAll(async () => {
  await server.stop();
  await databases.drop();
  await rm(folder, { recursive: true, force: true });
});

const stores: Storage[] = [];
afterEach(async () => {
  await Promise.all(stores.splice(0).map((storage) => storage.close()));
});

const connectMillis = 1500;

function storageOn(url: string, options: Partial<HybridOptions> = {}): Storage {
  const storage = hybrid({
    mongo: { url },
    mysql: { url: databases.mysqlUrl },
    timeouts: { connectMillis },
    ...options,
  });
  stores.push(storage);
  return storage;
}

async function failureOf(url: string, options: Partial<HybridOptions> = {}): Promise<unknown> {
  return storageOn(url, options)
    .open()
    .then(
      () => null,
      (error: unknown) => error,
    );
}

/** An error that says what is wrong and what to do, and shows no password. */
const says = (code: string, message: RegExp) =>
  expect.objectContaining({
    code,
    retryable: code === 'STORE_UNAVAILABLE',
    message: expect.stringMatching(new RegExp(`^(?!.*once-upon).*${message.source}`)),
  });

function onServer<Result>(credentials: string, work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  return onMongod(server, credentials, work);
}

describe('an address that leads nowhere', () => {
  it.each([
    {
      what: 'a name that stands for no machine',
      url: 'mongodb://lms:once-upon@db.nowhere.invalid/lms?replicaSet=rs0',
      error: says('STORE_UNAVAILABLE', /db\.nowhere\.invalid\/lms cannot be reached: (ENOTFOUND|EAI_AGAIN|no answer)/),
    },
    {
      what: 'a service record that is not there',
      url: 'mongodb+srv://lms:once-upon@db.nowhere.invalid/lms',
      error: says(
        'STORE_UNAVAILABLE',
        /cannot be reached: (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEOUT|ESERVFAIL|no answer)/,
      ),
    },
    {
      what: 'a port where nobody listens',
      url: 'mongodb://lms:once-upon@127.0.0.1:1/lms?replicaSet=rs0',
      error: says('STORE_UNAVAILABLE', /127\.0\.0\.1:1\/lms cannot be reached: ECONNREFUSED/),
    },
    {
      what: 'an option that the driver does not know',
      url: 'mongodb://lms:once-upon@127.0.0.1:1/lms?replicaset=rs0&retries=many',
      error: says('STORE_MISCONFIGURED', /does not take the MongoDB URL \(option retries is not supported\)/),
    },
  ])('is told in time: $what', async ({ url, error }) => {
    const began = performance.now();
    expect(await failureOf(url, { allowInsecure: true, timeouts: { connectMillis: 600 } })).toEqual(error);
    expect(performance.now() - began).toBeLessThan(8000);
  });
});

describe('a server that is set otherwise stops the start', () => {
  it('a lone one, and then a replica set of another name', async () => {
    server = await startMongod(data, []);
    expect(await failureOf(`mongodb://${server.address}/lms`)).toEqual(
      says('STORE_MISCONFIGURED', /is not a replica set.*--replSet rs0.*rs\.initiate\(\)/),
    );
    await server.stop();
    await writeFile(join(folder, 'key'), 'madeUpKeyOfOneTest', { mode: 0o600 });
    const planned = ['--setParameter', 'enableTestCommands=1'];
    server = await startMongod(data, ['--replSet', 'rs0', '--keyFile', join(folder, 'key'), ...planned]);
    await onServer('', async (client) => {
      const members = [{ _id: 0, host: server.address }];
      await client
        .db('admin')
        .command({ replSetInitiate: { _id: 'rs0', members, settings: { electionTimeoutMillis: 500 } } });
    });
    await untilPrimary(server);
    expect(await failureOf(`mongodb://${server.address}/lms?replicaSet=rs1`)).toEqual(
      says('STORE_UNAVAILABLE', /no server there is a member of the replica set that replicaSet in the URL names/),
    );
  });
});

const roots = 'root:once-upon@';

describe('who may not work in the store is told at the start', () => {
  beforeAll(async () => {
    await onServer('', async (client) => {
      await client.db('admin').command({ createUser: 'root', pwd: 'once-upon', roles: ['root'] });
    });
    await onServer(roots, async (client) => {
      const admin = client.db('admin');
      const resource = { db: 'lms', collection: 'product_lines' };
      const privileges = [{ resource, actions: ['collMod'] }];
      await client.db('lms').command({ createRole: 'retireStages', privileges, roles: [] });
      const users = {
        reader: ['read'],
        writer: ['readWrite'],
        worker: ['readWrite', 'retireStages'],
        owner: ['dbOwner'],
      };
      for (const [user, roles] of Object.entries(users)) {
        const granted = roles.map((role) => ({ role, db: 'lms' }));
        await admin.command({ createUser: user, pwd: 'once-upon', roles: granted });
      }
    });
  });

  const urlOf = (user: string, password = 'once-upon'): string =>
    `mongodb://${user}:${password}@${server.address}/lms?replicaSet=rs0&authSource=admin`;

  it('with a wrong password', async () => {
    expect(await failureOf(urlOf('owner', 'once-upon-a-time'))).toEqual(
      says('STORE_MISCONFIGURED', /refused the user name or password/),
    );
  });

  it('with no user at all', async () => {
    expect(await failureOf(`mongodb://${server.address}/lms?replicaSet=rs0`)).toEqual(
      says('STORE_MISCONFIGURED', /may not do this; grant it the roles readWrite and dbAdmin/),
    );
  });

  it('with no right to write, on a new store and on one that is there', async () => {
    const refusal = says(
      'STORE_MISCONFIGURED',
      /may not insert, update, remove, collMod in the database "lms"; grant it the roles/,
    );
    expect(await failureOf(urlOf('reader'))).toEqual(refusal);
    expect(await onServer(roots, (client) => client.db('lms').listCollections().toArray())).toEqual([]);
    expect(await failureOf(urlOf('owner'))).toBeNull();
    expect(await failureOf(urlOf('reader'))).toEqual(refusal);
  });

  it('with no right to wait for units, which retiring a stage does: by the statement that grants it', async () => {
    const grant =
      'db.getSiblingDB("admin").grantRolesToUser("writer", [{ role: "readWrite", db: "lms" }, { role: "dbAdmin", db: "lms" }])';
    expect(await failureOf(urlOf('writer'))).toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining(
        `may not collMod in the database "lms"; grant it the roles readWrite and dbAdmin on it: ${grant}`,
      ),
    });
  });

  it('not at all with the rights that it takes, and what it may not see of the server is left out', async () => {
    const storage = storageOn(urlOf('worker'));
    await storage.open();
    const findings = await storage.check();
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.find(({ name }) => name === 'mongodb compatibility')?.message).toMatch(/not shown to this user/);
    // Whose `collMod` is on product_lines alone may not change the look-up key, and is told so.
    await expect(storage.storeKeys.awaitReaders()).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining('may not do this; grant it the roles readWrite and dbAdmin'),
    });
  });

  it('for a check in a scratch database: which roles that takes, with nothing left behind', async () => {
    const { mysqlUrl } = databases;
    const scratchesOf = async (): Promise<readonly string[]> => {
      const { databases: all } = await onServer(roots, (client) => client.db('admin').admin().listDatabases());
      return all.map(({ name }) => name).filter((name) => name.startsWith('lms_verify_'));
    };
    await onServer(roots, (client) =>
      client.db('admin').command({ createUser: 'half', pwd: 'once-upon', roles: ['readWriteAnyDatabase'] }),
    );
    for (const user of ['owner', 'half']) {
      await expect(scratchHybrid({ mongoUrl: urlOf(user), mysqlUrl })).rejects.toMatchObject({
        code: 'STORE_MISCONFIGURED',
        message: expect.stringContaining('grant it the roles readWriteAnyDatabase and dbAdminAnyDatabase'),
      });
    }
    expect(await scratchesOf()).toEqual([]);
    await onServer(roots, (client) =>
      client.db('admin').command({ grantRolesToUser: 'half', roles: ['dbAdminAnyDatabase'] }),
    );
    const scratch = await scratchHybrid({ mongoUrl: urlOf('half'), mysqlUrl });
    const target = { handle: () => hybrid(scratch.source), raw: () => rawHybrid(scratch.source) };
    const outcomes = await runConformance(target, { only: (id) => /^(collisions|constraints|layout)\//.test(id) });
    expect(outcomes.filter(({ passed }) => !passed)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(10);
    expect(await scratchesOf()).toHaveLength(1);
    await scratch.remove();
    expect(await scratchesOf()).toEqual([]);
  }, 60_000);

  it('of a collection that was dropped, which no empty one takes the place of', async () => {
    await onServer(roots, (client) => client.db('lms').collection('lead_activities').rename('kept'));
    expect(await failureOf(urlOf('owner'))).toEqual(
      says('STORE_CORRUPT', /collection lead_activities of this store is missing; restore .*backup/),
    );
    await onServer(roots, (client) => client.db('lms').collection('kept').rename('lead_activities'));
  });

  it.each(changedCollections)('of $what', async ({ change, back, refusal }) => {
    await onServer(roots, (client) => Promise.resolve(change(client.db('lms'))));
    expect(await failureOf(urlOf('owner'))).toEqual(says('STORE_MISCONFIGURED', refusal));
    await onServer(roots, (client) => Promise.resolve(back(client.db('lms'))));
    expect(await failureOf(urlOf('owner'))).toBeNull();
  });

  it('of a server that is too old to be worked with', async () => {
    const older = 'is 5.0; expected 6.0 or later: run db.adminCommand({ setFeatureCompatibilityVersion: "6.0" })';
    await onServer(roots, (client) => client.db('admin').command({ setFeatureCompatibilityVersion: '5.0' }));
    const url = urlOf('root');
    expect(await failureOf(url)).toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining(older),
    });
    await onServer(roots, (client) => client.db('admin').command({ setFeatureCompatibilityVersion: '6.0' }));
    expect(await failureOf(url)).toBeNull();
  });
});

describe('a server that fails a call', () => {
  interface PlannedFault {
    readonly failCommands: readonly string[];
    readonly closeConnection?: true;
    readonly errorCode?: number;
  }

  /** @param times how often; always when absent */
  async function plan(data: PlannedFault, times?: number): Promise<void> {
    const mode = times === undefined ? 'alwaysOn' : { times };
    await onServer(roots, (client) => client.db('admin').command({ configureFailPoint: 'failCommand', mode, data }));
  }

  afterEach(() =>
    onServer(roots, (client) => client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' })),
  );

  let url: string;
  beforeAll(() => {
    url = `mongodb://${roots}${server.address}/lms?replicaSet=rs0&authSource=admin`;
  });

  it.each([
    { failCommands: ['insert'], closeConnection: true },
    { failCommands: ['update'], closeConnection: true },
    { failCommands: ['commitTransaction'], closeConnection: true },
    { failCommands: ['commitTransaction'], errorCode: 10107 },
    { failCommands: ['find', 'aggregate'], closeConnection: true },
    { failCommands: ['find', 'aggregate'], errorCode: 11602 },
  ] as const)('once is not noticed, and the draw takes effect once: %o', async (fault) => {
    const storage = storageOn(url);
    await storage.open();
    const key = { scope: '*', rule: 'test', hash: JSON.stringify(fault) };
    await plan(fault, 1);
    await storage.unitOfWork.run('documents', async (unit) => {
      expect(await storage.uniqueKeys.holders(unit, [key])).toEqual([]);
      await storage.uniqueKeys.claim(unit, [{ ...key, holderId: 'lead' }]);
    });
    expect(await storage.uniqueKeys.holders(null, [key])).toEqual([{ ...key, holderId: 'lead' }]);
    const drawn = await storage.numbers.draw(null, key.hash, 1);
    expect(await storage.numbers.draw(null, key.hash, 1)).toBe(drawn + 1);
  });

  it.each([
    { fault: { failCommands: ['find', 'aggregate'], closeConnection: true }, code: 'STORE_UNAVAILABLE' },
    { fault: { failCommands: ['find', 'aggregate'], errorCode: 10107 }, code: 'STORE_UNAVAILABLE' },
    { fault: { failCommands: ['find', 'aggregate'], errorCode: 50 }, code: 'STORE_UNAVAILABLE' },
    { fault: { failCommands: ['find', 'aggregate'], errorCode: 13 }, code: 'STORE_MISCONFIGURED' },
    { fault: { failCommands: ['find', 'aggregate'], errorCode: 14_031 }, code: 'DISK_FULL' },
    { fault: { failCommands: ['find', 'aggregate'], errorCode: 2 }, code: 'STORE_FAILED' },
  ] as const)('again and again is told as $code: $fault', async ({ fault, code }) => {
    const storage = storageOn(url);
    await storage.open();
    await plan(fault);
    await expect(storage.uniqueKeys.heldBy(null, 'lead')).rejects.toMatchObject({ code });
  });
});

describe('a primary that steps down under load', () => {
  it('loses nothing that was acknowledged: calls wait for the election, or fail as unavailable for now', {
    timeout: 60_000,
  }, async () => {
    const url = `mongodb://${roots}${server.address}/lms?replicaSet=rs0&authSource=admin`;
    const storage = storageOn(url, { timeouts: { connectMillis: 8000 } });
    const { admin, lms } = await newStore(storage);
    const made = new Set<string>();
    const failed: unknown[] = [];
    let stop = false;
    const writers = Array.from({ length: 6 }, async () => {
      while (!stop) {
        try {
          made.add((await admin.leads.create(loanLead())).number);
        } catch (error) {
          failed.push(error);
        }
      }
    });
    await expect.poll(() => made.size, { timeout: 10_000 }).toBeGreaterThan(6);
    await onServer(roots, (client) =>
      client.db('admin').command({ replSetStepDown: 1, secondaryCatchUpPeriodSecs: 0, force: true }),
    );
    const before = made.size;
    await expect.poll(() => made.size, { timeout: 30_000 }).toBeGreaterThan(before + 12);
    stop = true;
    await Promise.all(writers);
    for (const error of failed) {
      expect(LmsError.isInstance(error) && [error.code, error.retryable]).toEqual(['STORE_UNAVAILABLE', true]);
    }
    await lms.tick();
    const found: string[] = [];
    for await (const lead of admin.leads.list()) found.push(lead.number);
    expect(found).toEqual(expect.arrayContaining([...made]));
    expect(found.length - made.size).toBeLessThanOrEqual(failed.length);
    expect(new Set(found).size).toBe(found.length);
  });
});
