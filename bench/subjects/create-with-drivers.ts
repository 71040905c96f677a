import { MongoClient } from 'mongodb';
import { createPool, type Pool } from 'mysql2/promise';
import { insertDocuments, insertRows } from '../data/driver-inserts.ts';
import { makeEmptyStore } from '../data/empty-store.ts';
import { productLine } from '../data/personal-loan.ts';
import type { Servers } from '../data/servers.ts';
import { projectedTables, type WrittenLead, writtenLeads } from '../data/written-leads.ts';
import { type Load, timeCallers } from '../kit/callers.ts';
import { beSubject } from '../kit/subject.ts';
import type { Timing } from '../kit/timing.ts';

export interface DriversSettings {
  readonly load: Load;
  /** Where the SDK wrote the leads that are written again. */
  readonly source: Servers;
  readonly servers: Servers;
}

await beSubject<DriversSettings, Timing>(async ({ load, source, servers }) => {
  const leads: WrittenLead[] = [];
  for await (const lead of writtenLeads(source)) leads.push(lead);
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
    await insertDocuments(database.collection('unique_keys'), written.uniqueKeys, session);
    await insertDocuments(database.collection('data_keys'), [written.dataKey], session);
    await insertDocuments(database.collection('leads'), [written.lead], session);
    await insertDocuments(database.collection('outbox'), [written.outboxEntry], session);
    await session.commitTransaction();
  } finally {
    await session.endSession();
  }
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
