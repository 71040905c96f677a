import { type Db, type Document, MongoClient } from 'mongodb';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import type { Servers } from './servers.ts';

/** What the creation of one lead wrote on the two servers. */
export interface WrittenLead {
  readonly lead: Document;
  readonly dataKey: Document;
  readonly uniqueKeys: readonly Document[];
  /** The record of its idempotency key, where it was given one. */
  readonly commands: readonly Document[];
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

/** The collections that a create writes and leaves documents in. */
const collections = ['leads', 'data_keys', 'unique_keys', 'commands'] as const;
const leadsAtOnce = 1000;

interface Source {
  readonly documents: Db;
  readonly pool: Pool;
}

/**
 * Reads back what the SDK wrote for its leads, in the order of creation, as it is asked for.
 * @throws when a collection or table has entries in number of the leads and is none of those known here
 */
export async function* writtenLeads(servers: Servers): AsyncGenerator<WrittenLead> {
  const client = new MongoClient(servers.mongoUrl, { promoteLongs: false });
  const pool = createPool(servers.mysqlUrl);
  const source: Source = { documents: client.db(), pool };
  try {
    await requireKnownHomes(source);
    await source.documents.collection('commands').createIndex({ aggregateId: 1 });
    for (let after = ''; ; ) {
      const leads = await source.documents
        .collection<{ _id: string }>('leads')
        .find({ _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(leadsAtOnce)
        .toArray();
      const last = leads.at(-1);
      if (last === undefined) return;
      yield* await readWhole(source, leads);
      after = last._id;
    }
  } finally {
    await pool.end();
    await client.close();
  }
}

async function readWhole(source: Source, leads: readonly Document[]): Promise<readonly WrittenLead[]> {
  const ids = leads.map((lead) => String(lead['_id']));
  const { documents, pool } = source;
  const find = (collection: string, filter: Document): Promise<Document[]> =>
    documents.collection(collection).find(filter).toArray();
  const dataKeys = grouped(
    await find('data_keys', { _id: { $in: ids.map((id) => ({ kind: 'lead', id })) } }),
    (document) => String(document['_id'].id),
  );
  const uniqueKeys = grouped(await find('unique_keys', { holderId: { $in: ids } }), (document) =>
    String(document['holderId']),
  );
  const commands = grouped(await find('commands', { aggregateId: { $in: ids } }), (document) =>
    String(document['aggregateId']),
  );
  const rows: ReadonlyMap<string, readonly RowDataPacket[]>[] = [];
  for (const { table, lead } of projectedTables) {
    const [found] = await pool.query<RowDataPacket[]>('SELECT * FROM ?? WHERE ?? IN (?)', [table, lead, ids]);
    rows.push(grouped(found, (row) => String(row[lead])));
  }
  return leads.map((lead, at) => {
    const id = ids[at] ?? '';
    const [dataKey] = dataKeys.get(id) ?? [];
    const rowsOfLead = rows.map((byLead) => byLead.get(id) ?? []);
    const [audited] = rowsOfLead.at(-1) ?? [];
    if (dataKey === undefined || audited === undefined) throw new Error(`lead ${id} was not written whole`);
    return {
      lead,
      dataKey,
      uniqueKeys: uniqueKeys.get(id) ?? [],
      commands: commands.get(id) ?? [],
      outboxEntry: outboxEntryOf(audited),
      rows: rowsOfLead,
    };
  });
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

async function requireKnownHomes({ documents, pool }: Source): Promise<void> {
  const leads = await documents.collection('leads').countDocuments();
  const known = new Set<string>([...collections, ...projectedTables.map(({ table }) => table)]);
  const unknown = (name: string, count: number): void => {
    if (known.has(name) || count < leads / 2) return;
    throw new Error(`bench/data/written-leads.ts does not know that ${name} has entries of each lead`);
  };
  for (const { name } of await documents.listCollections({}, { nameOnly: true }).toArray()) {
    unknown(name, await documents.collection(name).countDocuments());
  }
  const [tables] = await pool.query<RowDataPacket[]>('SHOW TABLES');
  for (const row of tables) {
    const name = String(Object.values(row)[0]);
    const [[counted]] = await pool.query<RowDataPacket[]>('SELECT COUNT(*) AS `entries` FROM ??', [name]);
    unknown(name, Number(counted?.['entries']));
  }
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
