import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { rawHybrid } from '../src/storage/raw/hybrid-raw.js';
import { rawMysql } from '../src/storage/raw/mysql-raw.js';
import { rawSqlite } from '../src/storage/raw/sqlite-raw.js';
import type { RawStore } from '../src/storage/raw-store.js';
import type { Storage, StorageShape } from '../src/storage/storage.js';
import { rawFiles, rawServers } from './raw-store.js';
import { type MysqlServerVariable, makeServerDatabases } from './servers.js';
import { openAddress, type StoreAddress } from './store-address.js';

export { openAddress, type StoreAddress } from './store-address.js';

/** A new empty store of one shape, on a real file or real servers. */
export interface StorePlace {
  /** Another handle on the same store, not yet open: what another process would have. */
  handle(): Storage;
  /** How a child process reaches it: {@link openAddress}. */
  readonly address: StoreAddress;
  /** Everything the store holds at rest, as text. */
  raw(): Promise<string>;
  /** The store past its code, once a handle has been opened. */
  rawStore(): Promise<RawStore>;
  remove(): Promise<void>;
}

/** The shapes on the engines they are tested on. */
export type PlaceName = StorageShape | 'mariadb' | 'hybrid-mariadb';

const places: Readonly<Record<PlaceName, () => Promise<StorePlace>>> = {
  async sqlite() {
    const folder = await mkdtemp(join(tmpdir(), 'lms-test-'));
    const address: StoreAddress = { shape: 'sqlite', file: join(folder, 'lms.db') };
    return {
      address,
      handle: () => openAddress(address),
      raw: () => rawFiles(folder),
      rawStore: async () => rawSqlite({ file: address.file }),
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  },
  mysql: () => mysqlPlace('MYSQL_URL'),
  mariadb: () => mysqlPlace('MARIADB_URL'),
  hybrid: () => hybridPlace('MYSQL_URL'),
  'hybrid-mariadb': () => hybridPlace('MARIADB_URL'),
};

async function mysqlPlace(server: MysqlServerVariable): Promise<StorePlace> {
  const databases = await makeServerDatabases(server);
  const address: StoreAddress = { shape: 'mysql', mysqlUrl: databases.mysqlUrl };
  return {
    address,
    handle: () => openAddress(address),
    raw: () => rawServers(databases),
    rawStore: () => rawMysql({ url: databases.mysqlUrl }),
    remove: () => databases.dropMysql(),
  };
}

async function hybridPlace(server: MysqlServerVariable): Promise<StorePlace> {
  const databases = await makeServerDatabases(server);
  const { mongoUrl, mysqlUrl } = databases;
  const address: StoreAddress = { shape: 'hybrid', mongoUrl, mysqlUrl };
  return {
    address,
    handle: () => openAddress(address),
    raw: () => rawServers(databases),
    rawStore: () => rawHybrid({ mongo: { url: mongoUrl }, mysql: { url: mysqlUrl } }),
    remove: () => databases.drop(),
  };
}

export const testedShapes: readonly StorageShape[] = ['sqlite', 'hybrid'];
/** For what depends on the engine: MySQL alone has the code of the first and the engine of the second. */
export const allShapes: readonly StorageShape[] = [...testedShapes, 'mysql'];
/** The same, on both engines of the MySQL family. */
export const allEngines: readonly PlaceName[] = [...allShapes, 'mariadb'];
/** Every shape on every engine, for what the engines might answer differently. */
export const allPlaces: readonly PlaceName[] = [...allEngines, 'hybrid-mariadb'];

export function makePlace(name: PlaceName): Promise<StorePlace> {
  return places[name]();
}

/** Makes an open, empty store. All are closed and removed after the tests of the file. */
export type MakeStorage = () => Promise<Storage>;

export interface ShapeTools {
  readonly shape: PlaceName;
  /** Another open handle on a store made here: a second process. */
  anotherHandle(storage: Storage): Promise<Storage>;
}

/**
 * Runs the same tests on several shapes.
 *
 * ```ts
 * describeShapes((makeStorage) => {
 *   it('keeps what it is given', async () => {
 *     const storage = await makeStorage();
 *   });
 * });
 * ```
 */
export function describeShapes(
  tests: (makeStorage: MakeStorage, tools: ShapeTools) => void,
  shapes: readonly PlaceName[] = testedShapes,
): void {
  for (const shape of shapes) {
    describe(`on ${shape}`, () => {
      const made = new Map<Storage, StorePlace>();
      const open = async (place: StorePlace): Promise<Storage> => {
        const storage = place.handle();
        made.set(storage, place);
        await storage.open();
        return storage;
      };
      afterAll(async () => {
        await Promise.all([...made.keys()].map((storage) => storage.close()));
        await Promise.all([...new Set(made.values())].map((place) => place.remove()));
      });
      tests(async () => open(await makePlace(shape)), {
        shape,
        anotherHandle(storage) {
          const place = made.get(storage);
          if (place === undefined) throw new Error('this store was not made by makeStorage');
          return open(place);
        },
      });
    });
  }
}
