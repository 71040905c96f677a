import { type Document, MongoClient } from 'mongodb';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import type { Servers } from './servers.ts';

/** What the creation of one lead wrote on the two servers. */
export interface WrittenLead {
  readonly lead: Document;
  readonly dataKey: Document;
  readonly uniqueKeys: readonly Document[];
  /** The event as the outbox held it. */
  readonly outboxEntry: Document;
  /** Rows of each table of {@link projectedTables}. */
  readonly rows: readonly (readonly RowDataPacket[])[];
}

/** The tables that a create is projected into, in the order in which foreign keys allow it. */
export const projectedTables: readonly { readonly table: string; readonly lead: string }[] = [
  { table: 'lead_facts', lead: 'lead_id' },
  { table: 'stage_stays', lead: 'lead_id' },
  { table: 'lead_index', lead: 'lead_id' },
  { table: 'moves', lead: 'lead_id' },
  { table: 'audit', lead: 'aggregate_id' },
];

/** Reads back what the SDK wrote for its first `count` leads, in the order of creation. */
export async function writtenLeads(servers: Servers, count: number): Promise<readonly WrittenLead[]> {
  const client = new MongoClient(servers.mongoUrl, { promoteLongs: false });
  const pool = createPool(servers.mysqlUrl);
  try {
    const leads = await client.db().collection('leads').find().sort({ _id: 1 }).limit(count).toArray();
    const written: WrittenLead[] = [];
    for (const lead of leads) written.push(await readOne(client, pool, lead));
    return written;
  } finally {
    await pool.end();
    await client.close();
  }
}

async function readOne(client: MongoClient, pool: Pool, lead: Document): Promise<WrittenLead> {
  const id: unknown = lead['_id'];
  const database = client.db();
  const dataKey = await database.collection('data_keys').findOne({ '_id.id': id });
  const uniqueKeys = await database.collection('unique_keys').find({ holderId: id }).toArray();
  const rows: RowDataPacket[][] = [];
  for (const { table, lead: column } of projectedTables) {
    const [found] = await pool.query<RowDataPacket[]>(`SELECT * FROM ${table} WHERE ${column} = ?`, [id]);
    rows.push(found);
  }
  const [audited] = rows.at(-1) ?? [];
  if (dataKey === null || audited === undefined) throw new Error(`lead ${String(id)} was not written whole`);
  return { lead, dataKey, uniqueKeys, outboxEntry: outboxEntryOf(audited), rows };
}

/** The outbox entry is gone when its event is projected; the audit row holds all that it held. */
function outboxEntryOf(audited: RowDataPacket): Document {
  const event = {
    id: audited['id'],
    type: audited['event_type'],
    typeVersion: 1,
    aggregate: {
      kind: audited['aggregate_kind'],
      id: audited['aggregate_id'],
      version: audited['aggregate_version'],
    },
    at: audited['at'],
    actor: audited['actor'],
    via: null,
    command: audited['command'],
    correlationId: audited['correlation_id'],
    causationId: null,
    data: JSON.parse(audited['changes']),
    sealed: audited['sealed'],
  };
  return { _id: event.id, format: 1, event: JSON.stringify(event) };
}
