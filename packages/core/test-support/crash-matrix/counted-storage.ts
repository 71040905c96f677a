import { hybrid } from '../../src/storage/hybrid.js';
import { mongoLink } from '../../src/storage/mongo/mongo-source.js';
import { mysqlLink } from '../../src/storage/mysql/mysql-source.js';
import { mysql } from '../../src/storage/mysql.js';
import { sqlite } from '../../src/storage/sqlite.js';
import type { Storage } from '../../src/storage/storage.js';
import type { StoreAddress } from '../store-address.js';
import { countedMongo, countedMysql, countSqlite } from './counted-drivers.js';
import type { CommandCounter } from './crash-point.js';

/** A busy machine answers late, which is not what is looked for. */
const connectMillis = 20_000;
const link = { connectMillis, poolSize: 4, allowInsecure: false };

/** A store, not yet open, whose commands to its drivers are counted. */
export async function countedStorage(address: StoreAddress, counter: CommandCounter): Promise<Storage> {
  if (address.shape === 'sqlite') {
    countSqlite(counter);
    return sqlite({ file: address.file });
  }
  const { pool } = await mysqlLink({ url: address.mysqlUrl }, link);
  const counted = countedMysql(pool, counter);
  if (address.shape === 'mysql') return mysql({ pool: counted, poolSize: link.poolSize, timeouts: { connectMillis } });
  const { client } = await mongoLink({ url: named(address.mongoUrl) }, link);
  return hybrid({
    mongo: { client: countedMongo(client, counter), database: new URL(address.mongoUrl).pathname.slice(1) },
    mysql: { pool: counted },
    poolSize: link.poolSize,
    timeouts: { connectMillis },
  });
}

/** How the sessions of processes of the matrix are told from others on the server: by the name of their database. */
export function clientName(mongoUrl: string): string {
  return `crash ${new URL(mongoUrl).pathname.slice(1)}`;
}

function named(mongoUrl: string): string {
  const url = new URL(mongoUrl);
  url.searchParams.set('appName', clientName(mongoUrl));
  return url.href;
}
