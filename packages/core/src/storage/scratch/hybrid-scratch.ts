import { LmsError } from '../../foundation/kernel/index.js';
import { storeError } from '../mongo/mongo-errors.js';
import { mongoLabel, mongoLink } from '../mongo/mongo-source.js';
import type { RawHybridOptions } from '../raw/hybrid-raw.js';
import { scratchMysql } from './mysql-scratch.js';
import type { ScratchStore } from './scratch-store.js';

export interface ScratchHybridOptions {
  readonly mongoUrl: string;
  readonly mysqlUrl: string;
  readonly allowInsecure?: boolean;
}

/**
 * A database of its own on each server of a store in MongoDB and MySQL.
 * @throws LmsError `STORE_MISCONFIGURED` naming the grant that is missing, `STORE_UNAVAILABLE`, `DRIVER_MISSING`
 */
export async function scratchHybrid(options: ScratchHybridOptions): Promise<ScratchStore<RawHybridOptions>> {
  const { allowInsecure = false } = options;
  const ledger = await scratchMysql({ url: options.mysqlUrl, allowInsecure });
  const database = new URL(ledger.source.url).pathname.slice(1);
  // The database is named beside the URL, so that the one in it stays the place where the user is known.
  const mongo = { url: withAppName(options.mongoUrl, database), database };
  return {
    source: { mongo, mysql: { url: ledger.source.url }, allowInsecure },
    label: `${mongoLabel(mongo)} + ${ledger.label}`,
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

async function dropMongo(
  source: { readonly url: string; readonly database: string },
  allowInsecure: boolean,
): Promise<void> {
  const link = await mongoLink(source, { connectMillis: 5_000, poolSize: 1, allowInsecure });
  try {
    await link.client.connect();
    await link.client.db(source.database).command({ dropDatabase: 1 });
  } catch (error) {
    const cause = storeError(error, mongoLabel(source));
    throw new LmsError('STORE_UNAVAILABLE', {
      message: `${mongoLabel(source)} could not be dropped; drop the database ${source.database} yourself`,
      cause,
    });
  } finally {
    await link.client.close();
  }
}
