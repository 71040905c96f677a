import { MongoClient, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeServerDatabases, type ServerDatabases } from '../../../test-support/servers.js';
import { cryptoRandom } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import { defaultRepeatPolicy } from '../repeat-policy.js';
import { SqlUnit } from '../sql/sql-unit.js';
import { MongoAccess, MongoDatabase } from './mongo-database.js';
import type { MongoClientHandle, MongoSessionHandle } from './mongo-handle.js';
import { prepareLayout } from './mongo-layout.js';
import { MongoUnitOfWork } from './mongo-unit-of-work.js';

let databases: ServerDatabases;
let client: MongoClient;
let database: MongoDatabase;
let name = '';

beforeAll(async () => {
  databases = await makeServerDatabases();
  client = new MongoClient(databases.mongoUrl);
  database = new MongoDatabase(client, undefined, 'the test server');
  await prepareLayout(database);
});

afterAll(async () => {
  await client.close();
  await databases.drop();
});

beforeEach(({ task }) => {
  name = task.id;
});

const repeats = { attempts: 5, firstPauseMillis: 1, longestPauseMillis: 2 };
const access = new MongoAccess(
  () => database,
  (work) => work(),
);

function units(open: () => MongoDatabase = () => database): MongoUnitOfWork {
  return new MongoUnitOfWork({ open, random: cryptoRandom(), repeats, commitMillis: 5000 });
}

function insert(unit: Unit, id: string): Promise<unknown> {
  const document = { _id: id, format: 1, event: '{}' };
  return access.on(unit, 'outbox', (collection, options) => collection.insertMany([document], options));
}

function stored(id: string): Promise<object | null> {
  return database.collection('outbox').findOne({ _id: id });
}

/** The real client, with the commit of its sessions replaced. */
function withCommit(commit: (session: MongoSessionHandle) => Promise<unknown>): MongoDatabase {
  const handle: MongoClientHandle = {
    connect: () => client.connect(),
    close: () => client.close(),
    db: (databaseName) => client.db(databaseName),
    startSession() {
      const session = client.startSession();
      return new Proxy(session, {
        get(target, key) {
          if (key === 'commitTransaction') return () => commit(target);
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
  return new MongoDatabase(handle, undefined, 'the test server');
}

function labelled(label: string): MongoServerError {
  const error = new MongoServerError({ message: 'planted', code: 91 });
  error.addErrorLabel(label);
  return error;
}

describe('a unit', () => {
  it('is not committed when its work swallowed the failure of a store', async () => {
    await database.collection('outbox').insertMany([{ _id: `${name}-there`, format: 1, event: '{}' }]);
    const swallowing = units().run(async (unit) => {
      await insert(unit, `${name}-new`);
      await insert(unit, `${name}-there`).catch(() => {});
      return 'done';
    }, {});
    await expect(swallowing).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await stored(`${name}-new`)).toBeNull();
  });

  it('runs operations that were started together one after the other', async () => {
    await units().run(async (unit) => {
      await Promise.all(Array.from({ length: 10 }, (_, index) => insert(unit, `${name}-${index}`)));
    }, {});
    for (let index = 0; index < 10; index += 1) expect(await stored(`${name}-${index}`)).not.toBeNull();
  });

  it('waits for operations that its work did not await', async () => {
    await units().run(async (unit) => {
      void insert(unit, name);
    }, {});
    expect(await stored(name)).not.toBeNull();
  });

  it('is good only inside its run, and only for its own home', async () => {
    let kept: Unit | undefined;
    await units().run(async (unit) => {
      kept = unit;
    }, {});
    if (kept === undefined) throw new Error('the work did not run');
    await expect(insert(kept, name)).rejects.toMatchObject({ code: 'INTERNAL' });
    const ledger = new SqlUnit('ledger', false, { execute: () => Promise.reject(new Error('unused')) });
    await expect(insert(ledger, name)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('gives up with STORE_CONFLICT when another transaction stays in the way', async () => {
    await database.collection('outbox').insertMany([{ _id: name, format: 1, event: 'before' }]);
    const blocking = client.startSession();
    blocking.startTransaction();
    await client
      .db()
      .collection<{ _id: string }>('outbox')
      .updateOne({ _id: name }, { $set: { event: 'held' } }, { session: blocking });
    let calls = 0;
    const blocked = units().run((unit) => {
      calls += 1;
      return access.on(unit, 'outbox', (collection, options) =>
        collection.updateOne({ _id: name }, { $set: { event: 'mine' } }, options),
      );
    }, {});
    await expect(blocked).rejects.toMatchObject({ code: 'STORE_CONFLICT', retryable: true });
    expect(calls).toBe(repeats.attempts);
    await blocking.abortTransaction();
    await blocking.endSession();
    expect(await stored(name)).toMatchObject({ event: 'before' });
  });

  it.each([16_800_000, 20_000_000])('says VALUE_NOT_STORABLE of a record of %i bytes', async (bytes) => {
    const large = { _id: name, format: 1, event: 'x'.repeat(bytes) };
    const refused = units().run(
      (unit) => access.on(unit, 'outbox', (collection, options) => collection.insertMany([large], options)),
      {},
    );
    await expect(refused).rejects.toMatchObject({ code: 'VALUE_NOT_STORABLE' });
    expect(await stored(name)).toBeNull();
  });

  it('does not begin when it was stopped before', async () => {
    let calls = 0;
    const stopped = units().run(
      async () => {
        calls += 1;
      },
      { signal: AbortSignal.abort() },
    );
    await expect(stopped).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
    expect(calls).toBe(0);
  });
});

describe('a commit whose answer is lost', () => {
  it('is sent again, and takes effect once', async () => {
    let commits = 0;
    let calls = 0;
    const faulty = withCommit(async (session) => {
      commits += 1;
      await session.commitTransaction();
      if (commits === 1) throw labelled('UnknownTransactionCommitResult');
    });
    await units(() => faulty).run(async (unit) => {
      calls += 1;
      await insert(unit, name);
    }, {});
    expect([calls, commits]).toEqual([1, 2]);
    expect(await stored(name)).not.toBeNull();
  });

  it('is reported as an unknown outcome when it stays lost, and the work is not run again', async () => {
    let calls = 0;
    const faulty = withCommit(() => Promise.reject(labelled('UnknownTransactionCommitResult')));
    const lost = units(() => faulty).run(async (unit) => {
      calls += 1;
      await insert(unit, name);
    }, {});
    await expect(lost).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', details: { outcome: 'unknown' } });
    expect(calls).toBe(1);
  });
});

describe('a commit that lost against another', () => {
  it('runs the work again in a new transaction', async () => {
    let commits = 0;
    let calls = 0;
    const faulty = withCommit(async (session) => {
      commits += 1;
      if (commits > 1) return session.commitTransaction();
      await session.abortTransaction();
      throw labelled('TransientTransactionError');
    });
    await units(() => faulty).run(async (unit) => {
      calls += 1;
      await insert(unit, name);
    }, {});
    expect([calls, commits]).toEqual([2, 2]);
    expect(await stored(name)).not.toBeNull();
  });
});

describe('waiting for the transactions of a collection', () => {
  it('waits for one that stands still, lets others pass meanwhile, and leaves the rules of a newer release', {
    timeout: 20_000,
  }, async () => {
    const validator = { $jsonSchema: { required: ['revision', 'ofANewerRelease'] } };
    await client.db().command({ collMod: 'product_lines', validator });
    const session = client.startSession();
    session.startTransaction({ readConcern: { level: 'snapshot' } });
    await client.db().collection('product_lines').findOne({}, { session });
    let hasEnded = false;
    const waiting = access.awaitTransactions('lineHeads').then(() => {
      hasEnded = true;
    });
    const queued = { currentOp: true, 'command.collMod': 'product_lines', ns: `${client.db().databaseName}.$cmd` };
    const inQueue = async (): Promise<unknown> => (await client.db('admin').command(queued))['inprog'];
    await expect.poll(inQueue, { timeout: 15_000 }).toMatchObject([{ waitingForLock: true }]);
    try {
      const others = new MongoUnitOfWork({
        open: () => database,
        random: cryptoRandom(),
        repeats: defaultRepeatPolicy,
        commitMillis: 5000,
      });
      await others.run((unit) => access.on(unit, 'lineHeads', (heads, options) => heads.findOne({}, options)), {});
      expect(hasEnded).toBe(false);
    } finally {
      await session.commitTransaction();
      await waiting;
      await session.endSession();
    }
    const [found] = await client.db().listCollections({ name: 'product_lines' }, { nameOnly: false }).toArray();
    expect(found?.options?.['validator']).toEqual(validator);
  });
});
