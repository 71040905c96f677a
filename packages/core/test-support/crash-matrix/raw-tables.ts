import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import type { StoreAddress } from '../store-address.js';
import type { Row } from './raw-rows.js';

/** How the rows of each table and collection are read, in the engine's own order: `ledger users`, `documents leads`. */
export type Tables = ReadonlyMap<string, () => Promise<readonly Row[]>>;

/**
 * The tables and collections of a store, through connections of its own, past all code of LMS; none where nothing is there. A database
 * that is both homes is called `ledger`.
 */
export async function withTables<Result>(
  address: StoreAddress,
  work: (tables: Tables) => Promise<Result>,
): Promise<Result> {
  switch (address.shape) {
    case 'sqlite':
      return withFile(address.file, work);
    case 'mysql':
      return withMysql(address.mysqlUrl, work);
    case 'hybrid':
      return withMysql(address.mysqlUrl, (ledger) =>
        withMongo(address.mongoUrl, (documents) => work(new Map([...ledger, ...documents]))),
      );
  }
}

async function withFile<Result>(file: string, work: (tables: Tables) => Promise<Result>): Promise<Result> {
  if (!existsSync(file)) return work(new Map());
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const named = database
      .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
      .all();
    return await work(
      new Map(
        named.map(({ name }) => [
          `ledger ${name}`,
          async () => database.prepare(`select * from "${name}"`).all().map(camelRow),
        ]),
      ),
    );
  } finally {
    database.close();
  }
}

async function withMysql<Result>(url: string, work: (tables: Tables) => Promise<Result>): Promise<Result> {
  const connection = await createConnection(url);
  const select = async (sql: string): Promise<readonly Row[]> => {
    const [rows] = await connection.query(sql);
    return Array.isArray(rows) ? rows.map((row) => camelRow({ ...row })) : [];
  };
  try {
    const named = await select(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
    );
    return await work(new Map(named.map(({ name }) => [`ledger ${name}`, () => select(`SELECT * FROM \`${name}\``)])));
  } finally {
    await connection.end();
  }
}

async function withMongo<Result>(url: string, work: (tables: Tables) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(url);
  try {
    const named = await client.db().listCollections({}, { nameOnly: true }).toArray();
    const options = { promoteLongs: true, readConcern: { level: 'majority' } } as const;
    return await work(
      new Map(
        named.map(({ name }) => [
          `documents ${name}`,
          () => client.db().collection(name).find<Row>({}, options).toArray(),
        ]),
      ),
    );
  } finally {
    await client.close();
  }
}

/** Column names as the documents have them. */
function camelRow(row: object): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
