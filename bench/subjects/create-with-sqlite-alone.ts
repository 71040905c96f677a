import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { sqlite } from '#core/storage/sqlite';
import { rowsOfLeads, type TableRows } from '../data/rows-of-leads.ts';
import { timeCallers } from '../kit/callers.ts';
import { beSubject } from '../kit/subject.ts';
import type { Timing } from '../kit/timing.ts';

export interface BareSettings {
  /** A store that the SDK has filled. */
  readonly source: string;
  /** Must not exist yet. */
  readonly file: string;
  readonly warmUp: number;
}

await beSubject<BareSettings, Timing>(async ({ source, file, warmUp }) => {
  const filled = new DatabaseSync(source, { readOnly: true });
  const leads = [...rowsOfLeads(filled)];
  filled.close();
  const database = await emptyStore(file);
  const insert = leadInserter(database);
  const load = { callers: 1, warmUp, count: leads.length - warmUp };
  const timing = await timeCallers(load, async (serial) => insert(leads[serial] ?? []));
  database.close();
  return timing;
});

/** The same tables and indexes, and the same promise at each commit. */
async function emptyStore(file: string): Promise<DatabaseSync> {
  const storage = sqlite({ file });
  await storage.open();
  await storage.close();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA foreign_keys = ON');
  database.exec('PRAGMA wal_autocheckpoint = 4000');
  database.exec('PRAGMA cache_size = -65536');
  return database;
}

function leadInserter(database: DatabaseSync): (tables: readonly TableRows[]) => void {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const draw = database.prepare(
    "insert into counters (series, last) values ('bench', 1) on conflict (series) do update set last = last + 1",
  );
  const inserts = new Map<string, StatementSync>();
  const insertOf = ({ table, columns }: TableRows): StatementSync => {
    let insert = inserts.get(table);
    if (insert === undefined) {
      insert = database.prepare(
        `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
      );
      inserts.set(table, insert);
    }
    return insert;
  };
  return (tables) => {
    begin.run();
    draw.run();
    for (const table of tables) {
      const insert = insertOf(table);
      for (const row of table.rows) insert.run(...row);
    }
    commit.run();
  };
}
