import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import type { StoreAddress } from './shapes.js';

const tables = {
  lead_facts: 'lead_id',
  stage_stays: 'lead_id, sequence',
  lead_index: 'lead_id, field, ordinal',
  lead_collaborators: 'lead_id, user_id',
} as const;

/** The rows of the read model, as another program sees them. */
export type RawFacts = Readonly<Record<keyof typeof tables, readonly object[]>>;

export async function rawFacts(address: StoreAddress): Promise<RawFacts> {
  const read = async (table: keyof typeof tables): Promise<readonly object[]> =>
    plain(await onLedger(address, `select * from ${table} order by ${tables[table]}`));
  return {
    lead_facts: await read('lead_facts'),
    stage_stays: await read('stage_stays'),
    lead_index: await read('lead_index'),
    lead_collaborators: await read('lead_collaborators'),
  };
}

/** Runs SQL on the database that holds the ledger, past all checks. */
export async function onLedger(address: StoreAddress, sql: string): Promise<unknown> {
  if (address.shape === 'sqlite') {
    const database = new DatabaseSync(address.file);
    try {
      database.exec('pragma busy_timeout = 5000; pragma foreign_keys = off');
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }
  const connection = await createConnection(address.mysqlUrl);
  try {
    const [rows] = await connection.query(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

/** Gives a lead another owner by hand, on the lead alone. */
export async function setOwnerByHand(address: StoreAddress, leadId: string, ownerId: string | null): Promise<void> {
  if (address.shape !== 'hybrid') {
    const owner = ownerId === null ? 'null' : `'${ownerId}'`;
    await onLedger(address, `update leads set owner_id = ${owner} where id = '${leadId}'`);
    return;
  }
  const client = new MongoClient(address.mongoUrl);
  try {
    await client.db().collection<{ _id: string }>('leads').updateOne({ _id: leadId }, { $set: { ownerId } });
  } finally {
    await client.close();
  }
}

function plain(rows: unknown): readonly object[] {
  return JSON.parse(JSON.stringify(rows));
}
