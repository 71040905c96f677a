import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { MongoClient } from 'mongodb';
import { type Connection, createConnection } from 'mysql2/promise';

/** Databases of its own for one page, on the test servers. */
export interface PageDatabases extends AsyncDisposable {
  readonly urls: { readonly MONGO_URL: string; readonly MYSQL_URL: string };
}

export async function pageDatabases(): Promise<PageDatabases> {
  const name = `lms_page_${randomBytes(6).toString('hex')}`;
  const urls = { MONGO_URL: withDatabase('MONGO_URL', name), MYSQL_URL: withDatabase('MYSQL_URL', name) };
  await onMysql((mysql) => mysql.query(`CREATE DATABASE ${name}`));
  return {
    urls,
    async [Symbol.asyncDispose]() {
      await onMysql((mysql) => mysql.query(`DROP DATABASE IF EXISTS ${name}`));
      const mongo = new MongoClient(urls.MONGO_URL);
      await mongo.db().dropDatabase();
      await mongo.close();
    },
  };
}

function serverUrl(name: 'MONGO_URL' | 'MYSQL_URL'): string {
  const url = process.env[name];
  if (url !== undefined && url !== '') return url;
  throw new Error(`${name} is not set: start the test servers with "node scripts/servers up"`);
}

function withDatabase(variable: 'MONGO_URL' | 'MYSQL_URL', name: string): string {
  const changed = new URL(serverUrl(variable));
  changed.pathname = `/${name}`;
  return changed.href;
}

async function onMysql(work: (mysql: Connection) => Promise<unknown>): Promise<void> {
  const mysql = await createConnection(serverUrl('MYSQL_URL'));
  try {
    await work(mysql);
  } finally {
    await mysql.end();
  }
}
