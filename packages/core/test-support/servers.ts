import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';

/** The test servers, as `scripts/servers` or the environment names them. */
export function serverUrl(name: 'MONGO_URL' | 'MYSQL_URL'): string {
  const url = process.env[name];
  if (url === undefined || url === '') {
    throw new Error(`${name} is not set: start the test servers with "node scripts/servers up", or run "npm test"`);
  }
  return url;
}

/** A pair of new databases on the test servers, and the way to drop them. */
export interface ServerDatabases {
  readonly mongoUrl: string;
  readonly mysqlUrl: string;
  drop(): Promise<void>;
}

export async function makeServerDatabases(): Promise<ServerDatabases> {
  const name = `lms_test_${process.pid}_${randomBytes(5).toString('hex')}`;
  const mongoUrl = withDatabase(serverUrl('MONGO_URL'), name);
  const mysqlUrl = withDatabase(serverUrl('MYSQL_URL'), name);
  await onMysql(`CREATE DATABASE ${name}`);
  return {
    mongoUrl,
    mysqlUrl,
    async drop() {
      await onMysql(`DROP DATABASE IF EXISTS ${name}`);
      const client = new MongoClient(mongoUrl);
      try {
        await client.db().dropDatabase();
      } finally {
        await client.close();
      }
    },
  };
}

async function onMysql(sql: string): Promise<void> {
  const connection = await createConnection(serverUrl('MYSQL_URL'));
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}

/** `mongodb://host:1/a?x=y` with `a` replaced. */
function withDatabase(url: string, database: string): string {
  const [address = '', query] = url.split('?');
  const server = address.replace(/^([a-z+]+:\/\/[^/]+)(\/.*)?$/, '$1');
  return `${server}/${database}${query === undefined ? '' : `?${query}`}`;
}
