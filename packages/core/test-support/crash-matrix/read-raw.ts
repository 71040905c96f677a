import type { StoreAddress } from '../store-address.js';
import { claimsOf, lookupHashesOf } from './raw-claims.js';
import { readMongo } from './raw-mongo.js';
import type { UnclaimedRows } from './raw-rows.js';
import { readSqlDocuments, readSqlLedger } from './raw-sql.js';
import { type RawState, rawStateOf } from './raw-state.js';
import { type Tables, withTables } from './raw-tables.js';

/** Reads a store through connections of its own, past all code of LMS. */
export async function readRawState(address: StoreAddress): Promise<RawState> {
  const rows = await withTables(address, (tables) => readRows(address, tables));
  const claims = await claimsOf(rows);
  const lookupHashes = await lookupHashesOf(rows);
  const leads = rows.leads.map((lead) => ({ ...lead, claims: claims.get(lead.id) ?? [] }));
  return rawStateOf({ ...rows, leads, lookupHashes });
}

async function readRows({ shape }: StoreAddress, tables: Tables): Promise<UnclaimedRows> {
  const ledger = await readSqlLedger(tables);
  if (shape !== 'hybrid') return { ...ledger, ...(await readSqlDocuments(tables)) };
  const documents = await readMongo(tables);
  return {
    ...ledger,
    ...documents,
    outbox: [...ledger.outbox, ...documents.outbox],
    commands: [...ledger.commands, ...documents.commands],
  };
}
