import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { StoreAddress } from '../shapes.js';

/** How the rows of a table are copied: what tells a copy from its original. */
interface CopiedTable {
  readonly table: string;
  /** Get `-1`, `-2`... behind their value. */
  readonly numbered: readonly string[];
  /** Instants moved before, or behind, all that the SDK wrote, so that its own leads come first where pages are opened. */
  readonly before?: readonly string[];
  readonly behind?: readonly string[];
}

/** Parents first. The outbox is left as it is: a store that works has next to nothing in it. */
const copiedTables: readonly CopiedTable[] = [
  { table: 'leads', numbered: ['id', 'number'] },
  { table: 'lead_activities', numbered: ['lead_id', 'id'] },
  { table: 'data_keys', numbered: ['id'] },
  { table: 'unique_keys', numbered: ['hash', 'holder_id'] },
  { table: 'users', numbered: ['id', 'email'] },
  { table: 'user_teams', numbered: ['user_id'] },
  { table: 'user_roles', numbered: ['user_id'] },
  {
    table: 'lead_facts',
    numbered: ['lead_id', 'number'],
    before: ['created_at', 'updated_at'],
    behind: ['stage_entered_at'],
  },
  { table: 'lead_collaborators', numbered: ['lead_id'] },
  { table: 'stage_stays', numbered: ['lead_id'] },
  { table: 'lead_index', numbered: ['lead_id', 'text_value', 'hash_value'] },
  { table: 'placements', numbered: ['id', 'lead_id', 'exclusive_lead_id'] },
  { table: 'moves', numbered: ['event_id', 'lead_id'] },
  { table: 'audit', numbered: ['id', 'aggregate_id'] },
  { table: 'commands', numbered: ['command_key'] },
  { table: 'import_runs', numbered: ['id'] },
];

const digits = `(${Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ')})`;
const year = '2026-';

/** Rows that the SDK wrote, copied `copies` times by the engine itself, so that a store of any size is there in seconds. */
export async function copyRows(address: StoreAddress, copies: number): Promise<void> {
  if (address.shape === 'sqlite') {
    using database = new DatabaseSync(address.file);
    // What a crash would lose here is made again by the next run.
    database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA cache_size = -300000; BEGIN');
    for (const copied of copiedTables) {
      const columns = database.prepare(`SELECT name FROM pragma_table_info('${copied.table}')`).all();
      database.exec(
        copying(
          copied,
          columns.map(({ name }) => String(name)),
          copies,
          (text, end) => `${text} || ${end}`,
        ),
      );
    }
    database.exec('COMMIT');
    return;
  }
  if (address.shape === 'hybrid') await copyDocuments(address.mongoUrl, copies);
  await copyInMysql(address.mysqlUrl, copies);
}

async function copyInMysql(url: string, copies: number): Promise<void> {
  const connection = await createConnection(url);
  try {
    for (const copied of copiedTables) {
      const [rows] = await connection.query<RowDataPacket[]>(
        'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position',
        [copied.table],
      );
      const columns = rows.map(({ name }) => String(name));
      if (columns.length === 0) continue;
      await connection.query(copying(copied, columns, copies, (text, end) => `CONCAT(${text}, ${end})`));
      await connection.query(`ANALYZE TABLE ${copied.table}`);
    }
  } finally {
    await connection.end();
  }
}

function copying(
  { table, numbered, before = [], behind = [] }: CopiedTable,
  columns: readonly string[],
  copies: number,
  joined: (text: string, end: string) => string,
): string {
  const values = columns.map((column) => {
    if (column === 'position') return 'NULL';
    if (numbered.includes(column)) return joined(`o.${column}`, joined("'-'", 'n.i'));
    if (before.includes(column)) return `REPLACE(o.${column}, '${year}', '2025-')`;
    if (behind.includes(column)) return `REPLACE(o.${column}, '${year}', '2027-')`;
    return `o.${column}`;
  });
  const place = ['a', 'b', 'c', 'e'].map((name, power) => `${name}.d * ${10 ** power}`).join(' + ');
  const numbers = `(SELECT ${place} AS i FROM ${digits} AS a, ${digits} AS b, ${digits} AS c, ${digits} AS e)`;
  return `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${table} AS o, ${numbers} AS n WHERE n.i < ${copies}`;
}

/** Fields of documents that get the number, by collection. */
const copiedCollections: Readonly<Record<string, readonly string[]>> = {
  leads: ['_id', 'number'],
  lead_activities: ['_id.leadId', '_id.id'],
  data_keys: ['_id.id'],
  unique_keys: ['_id.hash', 'holderId'],
  commands: ['_id.key'],
};

async function copyDocuments(url: string, copies: number): Promise<void> {
  await using client = new MongoClient(url);
  const database = client.db();
  for (const [name, fields] of Object.entries(copiedCollections)) {
    // From a collection apart: one that is read while it grows might give copies of copies.
    await database
      .collection(name)
      .aggregate([{ $out: 'originals' }])
      .toArray();
    const numbered = fields.map((field) => [field, { $concat: [`$${field}`, '-', { $toString: '$i' }] }]);
    await database
      .collection('originals')
      .aggregate([
        { $set: { i: { $range: [0, copies] } } },
        { $unwind: '$i' },
        { $set: Object.fromEntries(numbered) },
        { $unset: 'i' },
        { $merge: { into: name, whenMatched: 'fail' } },
      ])
      .toArray();
    await database.collection('originals').drop();
  }
}
