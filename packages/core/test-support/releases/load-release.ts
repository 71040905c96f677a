import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { BSON, MongoClient } from 'mongodb';
import { type Connection, createConnection } from 'mysql2/promise';
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

/** Writes the newest import run of a release once more, under another id, as a server of that release still might beside newer ones. */
export async function writeImportRunAs(layout: number, address: StoreAddress, id: string): Promise<void> {
  const kept = (await readLines<StoredRow>(`${layout}/tables.ndjson`)).filter(({ table }) => table === 'import_runs');
  const rows = kept.slice(-1).map(({ table, row }) => ({ table, row: { ...row, id } }));
  if (address.shape === 'sqlite') return onSqlite(address.file, (database) => insertIntoSqlite(database, rows));
  return onMysql(address.mysqlUrl, (connection) => insertIntoMysql(connection, rows));
}

async function loadSqlite(layout: number, file: string): Promise<void> {
  const schema = await readFile(`${releases}${layout}/sqlite.sql`, 'utf8');
  const rows = await readLines<StoredRow>(`${layout}/tables.ndjson`);
  onSqlite(file, (database) => {
    database.exec('PRAGMA journal_mode = WAL; BEGIN');
    database.exec(schema);
    insertIntoSqlite(database, rows);
    database.exec('COMMIT');
  });
}

function onSqlite(file: string, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file);
  try {
    work(database);
  } finally {
    database.close();
  }
}

function insertIntoSqlite(database: DatabaseSync, rows: readonly StoredRow[]): void {
  for (const { table, row } of rows) {
    const columns = Object.keys(row).map((name) => `"${name}"`);
    const places = columns.map(() => '?');
    database
      .prepare(`INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${places.join(', ')})`)
      .run(...Object.values(row));
  }
}

/** The release wrote its tables for the collation of MySQL; on MariaDB it wrote that of MariaDB in its place. */
async function loadMysql(url: string, schema: string, rows: string): Promise<void> {
  const statements = await readFile(`${releases}${schema}`, 'utf8');
  const kept = await readLines<StoredRow>(rows);
  await onMysql(url, async (connection) => {
    const [[server]] = (await connection.query('SELECT VERSION() AS version')) as unknown as [[{ version: string }]];
    const isMaria = server.version.includes('MariaDB');
    await connection.query(isMaria ? statements.replaceAll('utf8mb4_0900_bin', 'utf8mb4_nopad_bin') : statements);
    await insertIntoMysql(connection, kept);
  });
}

async function onMysql(url: string, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await createConnection({ uri: url, multipleStatements: true, charset: 'utf8mb4_bin' });
  try {
    await work(connection);
  } finally {
    await connection.end();
  }
}

async function insertIntoMysql(connection: Connection, rows: readonly StoredRow[]): Promise<void> {
  for (const [table, kept] of grouped(rows, (line) => line.table)) {
    const columns = Object.keys(kept[0]?.row ?? {});
    const values = kept.map(({ row }) => columns.map((name) => row[name] ?? null));
    await connection.query('INSERT INTO ?? (??) VALUES ?', [table, columns, values]);
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
