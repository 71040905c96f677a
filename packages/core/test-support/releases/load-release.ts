import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { BSON, MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import type { StoreAddress } from '../shapes.js';

type Cell = string | number | null;

interface StoredRow {
  readonly table: string;
  readonly row: Readonly<Record<string, Cell>>;
}

interface StoredCollection {
  readonly name: string;
  readonly options: object;
  readonly indexes: readonly {
    readonly key: Record<string, 1 | -1>;
    readonly name: string;
    readonly unique?: boolean;
  }[];
}

export type ReleaseQuestion = 'lead' | 'board' | 'funnel' | 'imports' | 'audit';

/** What a release answered from its store. */
export interface ReleaseAnswer {
  readonly question: ReleaseQuestion;
  /** A lead's number, or a product line. */
  readonly about: string;
  readonly answer: unknown;
}

const releases = fileURLToPath(new URL('.', import.meta.url));

/** Puts the store that a release left behind where nothing is yet. */
export async function loadRelease(layout: number, address: StoreAddress): Promise<void> {
  switch (address.shape) {
    case 'sqlite':
      return loadSqlite(layout, address.file);
    case 'mysql':
      return loadMysql(address.mysqlUrl, `${layout}/mysql.sql`, `${layout}/tables.ndjson`);
    case 'hybrid':
      await loadMongo(layout, address.mongoUrl);
      return loadMysql(address.mysqlUrl, `${layout}/mysql-ledger.sql`, `${layout}/ledger.ndjson`);
  }
}

export async function answersOf(layout: number): Promise<readonly ReleaseAnswer[]> {
  return readLines<ReleaseAnswer>(`${layout}/answers.ndjson`);
}

async function readLines<Line>(file: string): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const line of createInterface({ input: createReadStream(`${releases}${file}`) }))
    lines.push(JSON.parse(line));
  return lines;
}

async function loadSqlite(layout: number, file: string): Promise<void> {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; BEGIN');
  database.exec(await readFile(`${releases}${layout}/sqlite.sql`, 'utf8'));
  for (const { table, row } of await readLines<StoredRow>(`${layout}/tables.ndjson`)) {
    const columns = Object.keys(row);
    const places = columns.map(() => '?').join(', ');
    database
      .prepare(`INSERT INTO "${table}" (${columns.map((name) => `"${name}"`).join(', ')}) VALUES (${places})`)
      .run(...Object.values(row));
  }
  database.exec('COMMIT');
  database.close();
}

/** The release wrote its tables for the collation of MySQL; on MariaDB it wrote that of MariaDB in its place. */
async function loadMysql(url: string, schema: string, rows: string): Promise<void> {
  const connection = await createConnection({ uri: url, multipleStatements: true, charset: 'utf8mb4_bin' });
  try {
    const [[server]] = (await connection.query('SELECT VERSION() AS version')) as unknown as [[{ version: string }]];
    const statements = await readFile(`${releases}${schema}`, 'utf8');
    const isMaria = server.version.includes('MariaDB');
    await connection.query(isMaria ? statements.replaceAll('utf8mb4_0900_bin', 'utf8mb4_nopad_bin') : statements);
    for (const [table, kept] of grouped(await readLines<StoredRow>(rows), (line) => line.table)) {
      const columns = Object.keys(kept[0]?.row ?? {});
      const values = kept.map(({ row }) => columns.map((name) => row[name] ?? null));
      await connection.query('INSERT INTO ?? (??) VALUES ?', [table, columns, values]);
    }
  } finally {
    await connection.end();
  }
}

async function loadMongo(layout: number, url: string): Promise<void> {
  const client = new MongoClient(url);
  try {
    for (const { name, options, indexes } of await readLines<StoredCollection>(`${layout}/collections.ndjson`)) {
      const collection = await client.db().createCollection(name, options);
      if (indexes.length > 0) await collection.createIndexes([...indexes]);
    }
    const documents = await readLines<{ collection: string; document: object }>(`${layout}/documents.ndjson`);
    for (const [name, kept] of grouped(documents, (line) => line.collection)) {
      await client
        .db()
        .collection(name)
        .insertMany(kept.map(({ document }) => BSON.EJSON.deserialize(document, { relaxed: false })));
    }
  } finally {
    await client.close();
  }
}

function grouped<Line>(lines: readonly Line[], keyOf: (line: Line) => string): ReadonlyMap<string, readonly Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
  return groups;
}
