import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ByHand } from './by-hand.ts';
import { type Query, sqliteEngine } from './facts-queries.ts';
import { bestTotalsIndex, sqlByHand } from './sql-by-hand.ts';

const cacheKilobytes = 65_536;

/** Prepared statements on `node:sqlite`, each prepared once. */
export function sqliteByHand(file: string, stages: readonly string[]): ByHand {
  const database = new DatabaseSync(file, { readOnly: true });
  database.exec(`PRAGMA cache_size = -${cacheKilobytes}`);
  const indexes = database.prepare("select name from pragma_index_list('lead_facts')").all();
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
    totalsIndex: bestTotalsIndex(new Set(indexes.map(({ name }) => String(name)))),
    rows: async ({ sql, parameters }: Query) => prepared(sql).all(...parameters),
    close: async () => database.close(),
  };
  return sqlByHand(driver, stages);
}
