import { DatabaseSync } from 'node:sqlite';
import { type Document, MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import type { StoreAddress } from '../store-address.js';
import { type RawRows, type RawState, rawStateOf } from './raw-state.js';

type Row = Readonly<Record<string, unknown>>;
type ReadTable = (table: string) => Promise<readonly Row[]>;
type DocumentParts = Pick<
  RawRows,
  'leads' | 'oldActivities' | 'uniqueKeys' | 'dataKeys' | 'counters' | 'lines' | 'definitions' | 'mappings' | 'receipts'
>;

/** Reads a store through connections of its own, past all code of LMS. */
export async function readRawState(address: StoreAddress): Promise<RawState> {
  if (address.shape === 'sqlite') return readSqlite(address.file);
  const connection = await createConnection(address.mysqlUrl);
  try {
    const read: ReadTable = async (table) => {
      const [rows] = await connection.query(`SELECT * FROM \`${table}\``);
      return Array.isArray(rows) ? rows.map((row) => camelRow({ ...row })) : [];
    };
    if (address.shape === 'mysql') return rawStateOf({ ...(await sqlDocuments(read)), ...(await sqlLedger(read)) });
    const documents = await readMongo(address.mongoUrl);
    const ledger = await sqlLedger(read);
    return rawStateOf({
      ...documents.parts,
      ...ledger,
      outbox: [...ledger.outbox, ...documents.outbox],
      commands: [...ledger.commands, ...documents.commands],
    });
  } finally {
    await connection.end();
  }
}

async function readSqlite(file: string): Promise<RawState> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const read: ReadTable = async (table) => database.prepare(`select * from ${table}`).all().map(camelRow);
    return rawStateOf({ ...(await sqlDocuments(read)), ...(await sqlLedger(read)) });
  } finally {
    database.close();
  }
}

async function sqlDocuments(read: ReadTable): Promise<DocumentParts> {
  return {
    leads: (await read('leads')).map(({ document, ...columns }) => ({ ...parsed(document), ...columns })),
    oldActivities: await read('lead_activities'),
    uniqueKeys: await read('unique_keys'),
    dataKeys: await read('data_keys'),
    counters: await read('counters'),
    lines: await read('product_lines'),
    definitions: await read('definition_versions'),
    mappings: await read('saved_mappings'),
    receipts: (await read('import_receipts')).map((row) => ({ ...row, taken: parsedList(row['taken']).map(unpacked) })),
  };
}

/** Rows that SQL keeps as a list without names. */
function unpacked(packed: unknown): Row {
  const [firstRow, count, numberMonth, firstNumberSeq, run] = Array.isArray(packed) ? packed : [];
  return { firstRow, count, numberMonth, firstNumberSeq, run };
}

async function sqlLedger(read: ReadTable): Promise<Omit<RawRows, keyof DocumentParts>> {
  return {
    facts: await read('lead_facts'),
    collaborators: await read('lead_collaborators'),
    stays: await read('stage_stays'),
    index: await read('lead_index'),
    moves: await read('moves'),
    audit: await read('audit'),
    placements: await read('placements'),
    outbox: await read('outbox'),
    commands: (await read('commands')).map((row) => ({ ...row, key: row['commandKey'] })),
    users: (await read('users')).map((row) => ({ ...row, teams: parsedList(row['teams']) })),
    userTeams: await read('user_teams'),
    runs: await read('import_runs'),
  };
}

interface MongoHalf {
  readonly parts: DocumentParts;
  readonly outbox: readonly Row[];
  readonly commands: readonly Row[];
}

async function readMongo(url: string): Promise<MongoHalf> {
  const client = new MongoClient(url);
  try {
    /** The fields of `_id` stand beside the others. */
    const read = async (collection: string, idName = 'id'): Promise<readonly Row[]> => {
      const documents = await client
        .db()
        .collection(collection)
        .find<Document>({}, { promoteLongs: true, readConcern: { level: 'majority' } })
        .toArray();
      return documents.map(({ _id, ...fields }) =>
        typeof _id === 'object' ? { ...fields, ..._id } : { ...fields, [idName]: _id },
      );
    };
    return {
      parts: {
        leads: await read('leads'),
        oldActivities: await read('lead_activities'),
        uniqueKeys: await read('unique_keys'),
        dataKeys: await read('data_keys'),
        counters: (await read('numbers', 'series')).map((row) => ({ ...row, last: row['drawn'] })),
        lines: await read('product_lines', 'slug'),
        definitions: await read('definition_versions'),
        mappings: await read('saved_mappings'),
        receipts: (await read('import_receipts')).map((row) => ({ ...row, taken: parsedList(row['taken']) })),
      },
      outbox: await read('outbox'),
      commands: await read('commands'),
    };
  } finally {
    await client.close();
  }
}

function camelRow(row: object): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

function parsed(text: unknown): Row {
  const value: unknown = JSON.parse(String(text));
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function parsedList(text: unknown): readonly unknown[] {
  const value: unknown = JSON.parse(String(text));
  return Array.isArray(value) ? value : [];
}
