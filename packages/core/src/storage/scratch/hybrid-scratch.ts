import { LmsError } from '../../foundation/kernel/index.js';
import { storeError } from '../mongo/mongo-errors.js';
import type { MongoDatabaseHandle } from '../mongo/mongo-handle.js';
import { mongoLabel, mongoLink } from '../mongo/mongo-source.js';
import type { RawHybridOptions } from '../raw/hybrid-raw.js';
import { scratchMysqlNamed } from './mysql-scratch.js';
import { newScratchName, type ScratchStore } from './scratch-store.js';

export interface ScratchHybridOptions {
  readonly mongoUrl: string;
  readonly mysqlUrl: string;
  readonly allowInsecure?: boolean;
}

/**
 * A database of its own on each server of a store in MongoDB and MySQL. What either user may not do is found before anything is left there.
 * @throws LmsError `STORE_MISCONFIGURED` naming the roles or the grant that is missing, `STORE_UNAVAILABLE`, `DRIVER_MISSING`
 */
export async function scratchHybrid(options: ScratchHybridOptions): Promise<ScratchStore<RawHybridOptions>> {
  const { allowInsecure = false, mongoUrl, mysqlUrl } = options;
  const database = newScratchName();
  // The database is named beside the URL, so that the one in it stays the place where the user is known.
  const mongo = { url: withAppName(mongoUrl, database), database };
  const mongoName = mongoLabel(mongo);
  await tryMongo(mongo, allowInsecure);
  const ledger = await scratchMysqlNamed(database, { url: mysqlUrl, allowInsecure });
  return {
    source: { mongo, mysql: { url: ledger.source.url }, allowInsecure },
    label: `${mongoName} + ${ledger.label}`,
    async remove() {
      try {
        await dropMongo(mongo, allowInsecure);
      } finally {
        await ledger.remove();
      }
    },
  };
}

/** By it the server tells the transactions of the scratch store from those of others. */
function withAppName(url: string, appName: string): string {
  const [address = '', query = ''] = url.split('?');
  const others = query.split('&').filter((option) => option !== '' && !/^appName=/i.test(option));
  const place = /^[a-z+]+:\/\/[^/]+$/.test(address) ? `${address}/` : address;
  return `${place}?${[...others, `appName=${appName}`].join('&')}`;
}

interface MongoScratch {
  readonly url: string;
  readonly database: string;
}

/** Makes the database with a collection in it, and drops it again: the user who may do this may run every case. */
async function tryMongo(source: MongoScratch, allowInsecure: boolean): Promise<void> {
  const label = mongoLabel(source);
  await onDatabase(source, allowInsecure, async (database) => {
    try {
      await database.command({ create: 'tried' });
      await database.command({ dropDatabase: 1 });
    } catch (error) {
      if (!isForbidden(error)) throw storeError(error, label);
      // Who may make a collection and not drop the database may drop the collection; a database without one is none.
      await database.command({ drop: 'tried' }).catch(() => undefined);
      throw new LmsError('STORE_MISCONFIGURED', {
        message: `${label}: the user may not make a database for the check; grant it the roles readWriteAnyDatabase and dbAdminAnyDatabase`,
        cause: storeError(error, label),
      });
    }
  });
}

async function dropMongo(source: MongoScratch, allowInsecure: boolean): Promise<void> {
  const label = mongoLabel(source);
  try {
    await onDatabase(source, allowInsecure, (database) => database.command({ dropDatabase: 1 }));
  } catch (error) {
    throw new LmsError('STORE_UNAVAILABLE', {
      message: `${label} could not be dropped; drop the database ${source.database} yourself`,
      cause: storeError(error, label),
    });
  }
}

async function onDatabase(
  source: MongoScratch,
  allowInsecure: boolean,
  work: (database: MongoDatabaseHandle) => Promise<unknown>,
): Promise<void> {
  const { client } = await mongoLink(source, { connectMillis: 5_000, poolSize: 1, allowInsecure });
  try {
    await client.connect();
    await work(client.db(source.database));
  } catch (error) {
    throw storeError(error, mongoLabel(source));
  } finally {
    await client.close();
  }
}

/** Unauthorized, as the server numbers it. */
const forbidden = 13;

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === forbidden;
}
