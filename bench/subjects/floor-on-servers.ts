import { MongoClient } from 'mongodb';
import { createPool, type Pool } from 'mysql2/promise';
import { insertDocuments, insertRows } from '../data/driver-inserts.ts';
import { makeEmptyStore } from '../data/empty-store.ts';
import type { ServersFloorSettings } from '../data/floor-settings.ts';
import { projectedTables, type WrittenLead, writtenLeads } from '../data/written-leads.ts';
import { byCallers } from '../kit/callers.ts';
import { chunks, chunksAsTheyCome } from '../kit/chunks.ts';
import { beSubject } from '../kit/subject.ts';
import { pausableClocks, type RowsTiming } from '../kit/timing.ts';

/** Leads read before the clock goes on; the reading is not counted. */
const leadsAtOnce = 20_000;

await beSubject<ServersFloorSettings, RowsTiming>(async ({ source, servers, leadsPerTransaction, atOnce }) => {
  await makeEmptyStore(servers);
  const client = new MongoClient(servers.mongoUrl, { maxPoolSize: atOnce });
  const pool = createPool({ uri: servers.mysqlUrl, connectionLimit: atOnce, maxIdle: atOnce });
  try {
    await client.connect();
    const clocks = pausableClocks();
    let rows = 0;
    for await (const leads of chunksAsTheyCome(writtenLeads(source), leadsAtOnce)) {
      const batches = [...chunks(leads, leadsPerTransaction)];
      clocks.start();
      await byCallers(atOnce, 0, batches.length, (at) => writeBatch(client, pool, batches[at] ?? []));
      clocks.pause();
      rows += leads.length;
    }
    return { rows, ...clocks.read() };
  } finally {
    await pool.end();
    await client.close();
  }
});

/** The documents in one transaction, the rows in another, then the events out of the outbox. */
async function writeBatch(client: MongoClient, pool: Pool, leads: readonly WrittenLead[]): Promise<void> {
  const outboxEntries = leads.map((written) => written.outboxEntry);
  await writeDocuments(client, {
    unique_keys: leads.flatMap((written) => written.uniqueKeys),
    data_keys: leads.map((written) => written.dataKey),
    leads: leads.map((written) => written.lead),
    outbox: outboxEntries,
    commands: leads.flatMap((written) => written.commands),
  });
  await writeRows(pool, leads);
  await client
    .db()
    .collection('outbox')
    .deleteMany({ _id: { $in: outboxEntries.map((entry) => entry['_id']) } });
}

async function writeDocuments(
  client: MongoClient,
  documents: Readonly<Record<string, Parameters<typeof insertDocuments>[1]>>,
): Promise<void> {
  const session = client.startSession();
  try {
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
    for (const [name, inserted] of Object.entries(documents)) {
      await insertDocuments(client.db().collection(name), inserted, session);
    }
    await session.commitTransaction();
  } finally {
    await session.endSession();
  }
}

async function writeRows(pool: Pool, leads: readonly WrittenLead[]): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    for (const [at, { table }] of projectedTables.entries()) {
      await insertRows(
        connection,
        table,
        leads.flatMap((written) => written.rows[at] ?? []),
      );
    }
    await connection.query('COMMIT');
  } finally {
    connection.release();
  }
}
