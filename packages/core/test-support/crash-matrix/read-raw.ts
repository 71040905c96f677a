import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import type { StoreAddress } from '../store-address.js';
import { claimsOf } from './raw-claims.js';
import { readMongo } from './raw-mongo.js';
import type { UnclaimedRows } from './raw-rows.js';
import { camelRow, type ReadTable, readSql, readSqlLedger } from './raw-sql.js';
import { type RawState, rawStateOf } from './raw-state.js';

/** Reads a store through connections of its own, past all code of LMS. */
export async function readRawState(address: StoreAddress): Promise<RawState> {
  return address.shape === 'sqlite' ? readSqlite(address.file) : readServers(address);
}

async function readSqlite(file: string): Promise<RawState> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const read: ReadTable = async (table) => database.prepare(`select * from "${table}"`).all().map(camelRow);
    const tables = database
      .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
      .all()
      .map(({ name }) => {
        const counted = database.prepare(`select count(*) as rows from "${name}"`).get();
        return { name: `ledger ${name}`, rows: counted?.['rows'] };
      });
    return stateOf({ ...(await readSql(read)), tables });
  } finally {
    database.close();
  }
}

async function readServers(address: Exclude<StoreAddress, { shape: 'sqlite' }>): Promise<RawState> {
  const connection = await createConnection(address.mysqlUrl);
  try {
    const select = async (sql: string): Promise<readonly object[]> => {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : [];
    };
    const read: ReadTable = async (table) => (await select(`SELECT * FROM \`${table}\``)).map(camelRow);
    const named = await select(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name',
    );
    const names = named.flatMap((row) => ('name' in row ? [String(row.name)] : []));
    const counts = names.map((name) => `SELECT 'ledger ${name}' AS name, COUNT(*) AS \`rows\` FROM \`${name}\``);
    const tables = await select(counts.join(' UNION ALL '));
    if (address.shape === 'mysql') return await stateOf({ ...(await readSql(read)), tables });
    const documents = await readMongo(address.mongoUrl);
    const ledger = await readSqlLedger(read);
    return await stateOf({
      ...ledger,
      ...documents,
      outbox: [...ledger.outbox, ...documents.outbox],
      commands: [...ledger.commands, ...documents.commands],
      tables: [...tables, ...documents.tables],
    });
  } finally {
    await connection.end();
  }
}

async function stateOf(rows: UnclaimedRows): Promise<RawState> {
  const claims = await claimsOf(rows);
  return rawStateOf({ ...rows, leads: rows.leads.map((lead) => ({ ...lead, claims: claims.get(lead.id) ?? [] })) });
}
