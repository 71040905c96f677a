import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ByHand } from './by-hand.ts';
import { type Query, sqliteEngine } from './facts-queries.ts';
import { sqlByHand } from './sql-by-hand.ts';

const cacheKilobytes = 65_536;

/** Prepared statements on `node:sqlite`, each prepared once. */
export function sqliteByHand(file: string, stages: readonly string[]): ByHand {
  const database = new DatabaseSync(file, { readOnly: true });
  database.exec(`PRAGMA cache_size = -${cacheKilobytes}`);
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const driver = {
    engine: sqliteEngine,
    rows: async ({ sql, parameters }: Query) => prepared(sql).all(...parameters),
    close: async () => database.close(),
  };
  return sqlByHand(driver, stages);
}
