import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';

/** Where the address of a server of the MySQL family stands. */
export type MysqlServerVariable = 'MYSQL_URL' | 'MARIADB_URL';

/** The test servers, as `scripts/servers` or the environment names them. */
export function serverUrl(name: 'MONGO_URL' | 'REDIS_URL' | MysqlServerVariable): string {
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
  /** Where nobody went to MongoDB, whose database then never was. */
  dropMysql(): Promise<void>;
}

/** @param server which of the MySQL family */
export async function makeServerDatabases(server: MysqlServerVariable = 'MYSQL_URL'): Promise<ServerDatabases> {
  const name = `lms_test_${process.pid}_${randomBytes(5).toString('hex')}`;
  const mongoUrl = withAppName(withDatabase(serverUrl('MONGO_URL'), name), name);
  const mysqlUrl = withDatabase(serverUrl(server), name);
  await onMysql(server, `CREATE DATABASE ${name}`);
  const dropMysql = (): Promise<void> => onMysql(server, `DROP DATABASE IF EXISTS ${name}`);
  return {
    mongoUrl,
    mysqlUrl,
    dropMysql,
    async drop() {
      await dropMysql();
      const client = new MongoClient(mongoUrl);
      try {
        await client.db().dropDatabase();
      } finally {
        await client.close();
      }
    },
  };
}

async function onMysql(server: MysqlServerVariable, sql: string): Promise<void> {
  const connection = await createConnection(serverUrl(server));
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}

/** By it the server tells the transactions of one test from those of others. */
function withAppName(url: string, appName: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}appName=${appName}`;
}

/** `mongodb://host:1/a?x=y` with `a` replaced. */
function withDatabase(url: string, database: string): string {
  const [address = '', query] = url.split('?');
  const server = address.replace(/^([a-z+]+:\/\/[^/]+)(\/.*)?$/, '$1');
  return `${server}/${database}${query === undefined ? '' : `?${query}`}`;
}
