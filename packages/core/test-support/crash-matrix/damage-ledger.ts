import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import type { StoreAddress } from '../store-address.js';

/** Changes tables of the ledger past all code of LMS, one statement after the other. */
export async function damageLedger(address: StoreAddress, statements: readonly string[]): Promise<void> {
  if (address.shape === 'sqlite') {
    const database = new DatabaseSync(address.file);
    try {
      for (const statement of statements) database.exec(statement);
    } finally {
      database.close();
    }
    return;
  }
  const connection = await createConnection(address.mysqlUrl);
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}
