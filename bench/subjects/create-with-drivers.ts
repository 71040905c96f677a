import { type ClientSession, type Collection, type Document, MongoClient } from 'mongodb';
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';
import { createLms } from '#core';
import { hybrid } from '#core/storage/hybrid';
import { testKey } from '#core/testing';
import { adminWithLine, productLine } from '../data/personal-loan.ts';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { projectedTables, type WrittenLead, writtenLeads } from '../data/written-leads.ts';
import { beSubject } from '../kit/apart.ts';
import { type Load, timeCallers } from '../kit/callers.ts';
import type { Timing } from '../kit/timing.ts';

export interface DriversSettings {
  readonly load: Load;
  /** Where the SDK wrote the leads that are written again. */
  readonly source: Servers;
  readonly servers: Servers;
}

await beSubject<DriversSettings, Timing>(async ({ load, source, servers }) => {
  const leads = await writtenLeads(source, load.warmUp + load.count);
  await makeEmptyStore(servers);
  const client = new MongoClient(servers.mongoUrl, { maxPoolSize: load.callers });
  const pool = createPool({ uri: servers.mysqlUrl, connectionLimit: load.callers, maxIdle: load.callers });
  try {
    return await timeCallers(load, async (serial) => {
      const written = leads[serial];
      if (written === undefined) throw new Error(`the SDK has not written lead ${serial}`);
      await writeDocuments(client, written);
      await writeRows(pool, written);
      await client.db().collection('outbox').deleteOne({ _id: written.outboxEntry['_id'] });
    });
  } finally {
    await pool.end();
    await client.close();
  }
});

/** Tables, collections, indexes and checks as the SDK makes them, and the line that each transaction reads. */
async function makeEmptyStore(servers: Servers): Promise<void> {
  await emptyDatabases(servers);
  const storage = hybrid({ mongo: { url: servers.mongoUrl }, mysql: { url: servers.mysqlUrl } });
  await using lms = await createLms({ storage, key: testKey });
  await adminWithLine(lms);
}

async function writeDocuments(client: MongoClient, written: WrittenLead): Promise<void> {
  const database = client.db();
  await database
    .collection<{ _id: string }>('numbers')
    .findOneAndUpdate({ _id: 'bench' }, { $inc: { drawn: 1n } }, { upsert: true, returnDocument: 'after' });
  const session = client.startSession();
  try {
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
    await database.collection<{ _id: string }>('product_lines').findOne({ _id: productLine }, { session });
    const keys = written.uniqueKeys.map((key) => key['_id']);
    await database
      .collection('unique_keys')
      .find({ _id: { $in: keys } }, { session })
      .toArray();
    await insert(database.collection('unique_keys'), written.uniqueKeys, session);
    await insert(database.collection('data_keys'), [written.dataKey], session);
    await insert(database.collection('leads'), [written.lead], session);
    await insert(database.collection('outbox'), [written.outboxEntry], session);
    await session.commitTransaction();
  } finally {
    await session.endSession();
  }
}

async function insert(
  collection: Collection<Document>,
  documents: readonly Document[],
  session: ClientSession,
): Promise<void> {
  await collection.insertMany([...documents], { session });
}

async function writeRows(pool: Pool, written: WrittenLead): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    for (const [at, { table }] of projectedTables.entries())
      await insertRows(connection, table, written.rows[at] ?? []);
    await connection.query('COMMIT');
  } finally {
    connection.release();
  }
}

async function insertRows(
  connection: PoolConnection,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const values = rows.map((row) => columns.map((column) => row[column]));
  await connection.query('INSERT INTO ?? (??) VALUES ?', [table, columns, values]);
}
