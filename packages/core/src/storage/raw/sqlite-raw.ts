import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RawStore, RawTransaction } from '../raw-store.js';
import { bothHomesSchema } from '../sql/schema.js';
import type { SqlStatement } from '../sql/sql-connection.js';
import { miscounting } from './miscounting.js';
import { sqlViolations } from './sql-violations.js';

const waitMillis = 5_000;

/** Past the code of an embedded store: a connection of its own to the file, which must be a store already. */
export function rawSqlite({ file }: { readonly file: string }): RawStore {
  const database = new DatabaseSync(resolve(file));
  database.exec(`PRAGMA busy_timeout = ${waitMillis}`);
  database.exec('PRAGMA foreign_keys = ON');
  return {
    concurrency: 'one-writer',
    violations: sqlViolations('sqlite', bothHomesSchema, async (statements) => refusals(database, statements)),
    async begin() {
      database.exec('BEGIN IMMEDIATE');
      return transactionOn(database);
    },
    async miscount(productLine) {
      const { sql, parameters } = miscounting(productLine);
      database.prepare(sql).run(...parameters);
    },
    cutOthers: async () => 0,
    async close() {
      database.close();
    },
  };
}

function refusals(database: DatabaseSync, statements: readonly SqlStatement[]): ReadonlySet<number> {
  const refused = new Set<number>();
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const [position, { sql, parameters }] of statements.entries()) {
      if (!isTaken(database, sql, parameters)) refused.add(position);
    }
  } finally {
    database.exec('ROLLBACK');
  }
  return refused;
}

function isTaken(database: DatabaseSync, sql: string, parameters: SqlStatement['parameters']): boolean {
  const statement = database.prepare(sql);
  try {
    statement.run(...parameters);
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && isConstraint(error.errcode)) return false;
    throw error;
  }
}

const sqliteConstraint = 19;

function isConstraint(code: unknown): boolean {
  return typeof code === 'number' && (code & 0xff) === sqliteConstraint;
}

function transactionOn(database: DatabaseSync): RawTransaction {
  const place = database.prepare(
    "UPDATE leads SET partner = 'raw', placement_version = placement_version + 1 WHERE id = ?",
  );
  return {
    async place(leadIds) {
      for (const id of leadIds) place.run(id);
    },
    commit: async () => database.exec('COMMIT'),
    rollBack: async () => database.exec('ROLLBACK'),
  };
}
