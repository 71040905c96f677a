import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';

/** Everything that lies in the files of a folder, byte for byte. */
export async function rawFiles(folder: string): Promise<string> {
  const texts: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) texts.push((await readFile(join(entry.parentPath, entry.name))).toString('utf8'));
  }
  return texts.join('\n');
}

/** Every row of every table of an embedded file, as text: a table a line. */
export function rawTables(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    const texts = tables.map(({ name }) => {
      const rows = database.prepare(`SELECT * FROM "${name}"`);
      rows.setReadBigInts(true);
      const text = JSON.stringify(rows.all(), (_, value) => (typeof value === 'bigint' ? String(value) : value));
      return `${name}: ${text}`;
    });
    return texts.join('\n');
  } finally {
    database.close();
  }
}

/** Every document of every collection, and every row of every table, as text. */
export async function rawServers(urls: { readonly mongoUrl: string; readonly mysqlUrl: string }): Promise<string> {
  return `${await rawMongo(urls.mongoUrl)}\n${await rawMysql(urls.mysqlUrl)}`;
}

async function rawMongo(url: string): Promise<string> {
  const client = new MongoClient(url);
  try {
    const texts: string[] = [];
    for (const { name } of await client.db().listCollections().toArray()) {
      const documents = await client.db().collection(name).find().toArray();
      texts.push(`${name}: ${JSON.stringify(documents)}`);
    }
    return texts.join('\n');
  } finally {
    await client.close();
  }
}

async function rawMysql(url: string): Promise<string> {
  const connection = await createConnection(url);
  try {
    const [tables] = await connection.query('SHOW TABLES');
    const texts: string[] = [];
    for (const row of tables as readonly Record<string, string>[]) {
      const [name = ''] = Object.values(row);
      const [rows] = await connection.query(`SELECT * FROM \`${name}\``);
      texts.push(`${name}: ${JSON.stringify(rows)}`);
    }
    return texts.join('\n');
  } finally {
    await connection.end();
  }
}
