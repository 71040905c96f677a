import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashLine, personOf } from '../test-support/crash-matrix/crash-line.js';
import { brokenInvariants } from '../test-support/crash-matrix/invariants.js';
import { readRawState } from '../test-support/crash-matrix/read-raw.js';
import { startMongod } from '../test-support/own-mongod.js';
import { type OwnServer, startMysqld } from '../test-support/own-server.js';
import { makePlace, type StorePlace } from '../test-support/shapes.js';
import { openAddress, type StoreAddress } from '../test-support/store-address.js';
import { type Cut, startTcpProxy, type TcpProxy } from '../test-support/tcp-proxy.js';
import { createLms, hasCode, type Lms, LmsError } from './index.js';
import { testKey } from './testing/index.js';

const downMillis = 300;
const root = { kind: 'user', id: 'root' } as const;

async function openedStore(address: StoreAddress): Promise<Lms> {
  return createLms({ storage: openAddress(address), key: testKey });
}

async function furnish(lms: Lms): Promise<void> {
  await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
  await lms.as(root).schemas.publish(crashLine);
  await lms.as(root).users.create({ id: 'asha', name: 'Asha', roles: ['agent'], teams: ['west'] });
}

/** A caller who asks again, with the same key, until there is an answer. */
async function insist<Reply>(command: () => Promise<Reply>, isOver: () => boolean = () => false): Promise<Reply> {
  for (;;) {
    try {
      return await command();
    } catch (error) {
      if (!LmsError.isInstance(error) || !error.retryable || isOver()) throw error;
      await sleep(50);
    }
  }
}

/** What a dying server refused may have been set aside for some seconds, so rounds go on until nothing is behind. */
async function nothingIsLost(address: StoreAddress, lms: Lms, tags: readonly string[]): Promise<void> {
  await lms.settle();
  const broken = async (): Promise<readonly string[]> => {
    await insist(() => lms.tick());
    return brokenInvariants(await readRawState(address));
  };
  await expect.poll(broken, { timeout: 60_000, interval: 500 }).toEqual([]);
  const state = await readRawState(address);
  expect(state.leads.map(({ campaign }) => campaign).toSorted()).toEqual([...tags].toSorted());
}

describe('servers killed and started again under load', () => {
  let folder: string;
  /** MySQL comes back elsewhere, and is reached as before. */
  let proxy: TcpProxy;
  let address: StoreAddress;
  let mysql: OwnServer;
  let mongo: OwnServer;

  const startMongo = (port?: number): Promise<OwnServer> =>
    startMongod(join(folder, 'mongo'), ['--replSet', 'rs0'], port);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lms-own-servers-'));
    await mkdir(join(folder, 'mongo'));
    [mysql, mongo] = await Promise.all([startMysqld(join(folder, 'mysql')), startMongo()]);
    proxy = await startTcpProxy(mysql.port);
    const mongoUrl = `mongodb://${mongo.address}/lms?directConnection=true`;
    address = { shape: 'hybrid', mysqlUrl: `mysql://root@127.0.0.1:${proxy.port}/lms`, mongoUrl };
    const connection = await createConnection({ host: '127.0.0.1', port: mysql.port, user: 'root' });
    await connection.query('CREATE DATABASE lms');
    await connection.end();
    const client = new MongoClient(mongoUrl);
    const members = [{ _id: 0, host: mongo.address }];
    await client.db('admin').command({ replSetInitiate: { _id: 'rs0', members } });
    await client.close();
  }, 120_000);
  afterAll(async () => {
    await Promise.all([mysql.stop(), mongo.stop(), proxy.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it('nothing that was acknowledged is lost, nothing is doubled, and nobody has to restart', {
    timeout: 240_000,
  }, async () => {
    const lms = await openedStore(address);
    await insist(() => lms.ready());
    await furnish(lms);
    const { leads } = lms.as(root);
    const tags: string[] = [];
    let isLoaded = true;
    const work = async (): Promise<void> => {
      while (isLoaded) {
        const serial = tags.length + 1;
        const tag = `load-${serial}`;
        tags.push(tag);
        const lead = { productLine: crashLine.slug, campaign: tag, fields: personOf({ serial }) };
        const { id } = await insist(() => leads.create(lead, { idempotencyKey: tag }));
        await insist(() => leads.assign(id, { to: 'asha' }, { idempotencyKey: tag }));
        await insist(() => leads.move(id, { to: 'lost' }, { idempotencyKey: tag }));
      }
    };
    const callers = Promise.all(Array.from({ length: 4 }, work));
    const made = async (more: number): Promise<void> => {
      const wanted = tags.length + more;
      await expect.poll(() => tags.length, { timeout: 60_000 }).toBeGreaterThan(wanted);
    };
    await made(10);
    await mysql.stop();
    await sleep(downMillis);
    mysql = await startMysqld(join(folder, 'mysql'));
    proxy.forwardTo(mysql.port);
    await made(10);
    await mongo.stop();
    await sleep(downMillis);
    mongo = await startMongo(mongo.port);
    await made(10);
    isLoaded = false;
    await callers;
    await nothingIsLost(address, lms, tags);
    const state = await readRawState(address);
    expect(state.leads.every(({ stage, ownerId }) => stage === 'lost' && ownerId === 'asha')).toBe(true);
    await lms.close();
  });
});

interface CutCase {
  readonly shape: 'mysql' | 'hybrid';
  readonly server: 'mysql' | 'mongo';
  readonly cut: Cut;
}

const cuts: readonly CutCase[] = [
  { shape: 'mysql', server: 'mysql', cut: { when: 'COMMIT', at: 'before-server' } },
  { shape: 'mysql', server: 'mysql', cut: { when: 'COMMIT', at: 'before-client' } },
  { shape: 'mysql', server: 'mysql', cut: { when: 'unique_keys', at: 'before-client' } },
  { shape: 'hybrid', server: 'mongo', cut: { when: 'commitTransaction', at: 'before-server' } },
  { shape: 'hybrid', server: 'mongo', cut: { when: 'commitTransaction', at: 'before-client' } },
  { shape: 'hybrid', server: 'mongo', cut: { when: 'unique_keys', at: 'before-client' } },
  { shape: 'hybrid', server: 'mysql', cut: { when: 'COMMIT', at: 'before-server' } },
  { shape: 'hybrid', server: 'mysql', cut: { when: 'COMMIT', at: 'before-client' } },
];

describe.each(['mysql', 'hybrid'] as const)('connections cut inside a transaction on %s', (shape) => {
  let place: StorePlace;
  let proxies: { readonly mysql: TcpProxy; readonly mongo: TcpProxy };
  let lms: Lms;
  const tags: string[] = [];

  beforeAll(async () => {
    place = await makePlace(shape);
    const { address } = place;
    if (address.shape === 'sqlite') throw new Error('a store on servers was wanted');
    const mysqlUrl = new URL(address.mysqlUrl);
    const mongoUrl = new URL(address.shape === 'hybrid' ? address.mongoUrl : 'mongodb://127.0.0.1:1/');
    proxies = {
      mysql: await startTcpProxy(Number(mysqlUrl.port)),
      mongo: await startTcpProxy(Number(mongoUrl.port)),
    };
    mysqlUrl.port = String(proxies.mysql.port);
    mongoUrl.port = String(proxies.mongo.port);
    // Else the driver asks the replica set for its members, and finds the server past the proxy.
    mongoUrl.search = '?directConnection=true';
    lms = await openedStore(
      shape === 'mysql'
        ? { shape, mysqlUrl: mysqlUrl.href }
        : { shape, mysqlUrl: mysqlUrl.href, mongoUrl: mongoUrl.href },
    );
    await furnish(lms);
  });
  afterAll(async () => {
    await lms.close();
    await Promise.all([proxies.mysql.close(), proxies.mongo.close()]);
    await place.remove();
  });

  it.each(cuts.filter((each) => each.shape === shape))(
    '$server: $cut.when, $cut.at',
    { timeout: 60_000 },
    async ({ server, cut }) => {
      const tag = `cut-${tags.length + 1}`;
      const lead = { productLine: crashLine.slug, campaign: tag, fields: personOf({ serial: tags.length + 1 }) };
      tags.push(tag);
      const { leads } = lms.as(root);
      const wasCut = proxies[server].cutNext(cut);
      const first = await leads.create(lead, { idempotencyKey: tag }).then(
        () => null,
        (error: unknown) => error,
      );
      await wasCut;
      if (first !== null) expect(hasCode(first, 'STORE_UNAVAILABLE')).toBe(true);
      const { number } = await insist(() => leads.create(lead, { idempotencyKey: tag }));
      expect((await leads.create(lead, { idempotencyKey: tag })).number).toBe(number);
      await nothingIsLost(place.address, lms, tags);
    },
  );
});
