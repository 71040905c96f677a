import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';

/** One database on each server. */
export interface Servers {
  readonly mongoUrl: string;
  readonly mysqlUrl: string;
}

/** Databases of this name on the servers that the environment names. */
export function serversFor(name: string, environment: NodeJS.ProcessEnv): Servers {
  const { MONGO_URL: mongoUrl, MYSQL_URL: mysqlUrl } = environment;
  if (!mongoUrl || !mysqlUrl) throw new Error('MONGO_URL and MYSQL_URL are not set: start this with npm run bench');
  return { mongoUrl: withDatabase(mongoUrl, name), mysqlUrl: withDatabase(mysqlUrl, name) };
}

/** Removes both databases and makes the MySQL one anew. */
export async function emptyDatabases(servers: Servers): Promise<void> {
  await removeDatabases(servers);
  await onMysql(servers, (name) => `CREATE DATABASE ${name}`);
}

export async function removeDatabases(servers: Servers): Promise<void> {
  const client = new MongoClient(servers.mongoUrl);
  await client.db().dropDatabase();
  await client.close();
  await onMysql(servers, (name) => `DROP DATABASE IF EXISTS ${name}`);
}

/** @param statement of the name of the database */
async function onMysql({ mysqlUrl }: Servers, statement: (name: string) => string): Promise<void> {
  const connection = await createConnection(withDatabase(mysqlUrl, ''));
  await connection.query(statement(new URL(mysqlUrl).pathname.slice(1)));
  await connection.end();
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
