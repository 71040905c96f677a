import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Checkpoint, FloorSettings, RowOrder } from '../data/floor-settings.ts';
import { rowsOfLeads, type TableRows } from '../data/rows-of-leads.ts';
import { chunks } from '../kit/chunks.ts';
import { beSubject } from '../kit/subject.ts';
import { pausableClocks, type RowsTiming } from '../kit/timing.ts';

/** Leads read before the clock goes on; the reading is not counted. */
const leadsAtOnce = 20_000;

await beSubject<FloorSettings, RowsTiming>(async ({ source, file, leadsPerTransaction, checkpoint, order }) => {
  const filled = new DatabaseSync(source, { readOnly: true });
  const database = emptyLike(filled, file);
  const stop = copyLog(database, file, checkpoint);
  const write = transactionWriter(database, order);
  const clocks = pausableClocks();
  let rows = 0;
  for (const leads of chunks(rowsOfLeads(filled), leadsAtOnce - (leadsAtOnce % leadsPerTransaction))) {
    clocks.start();
    for (const transaction of chunks(leads, leadsPerTransaction)) write(transaction);
    clocks.pause();
    rows += leads.length;
  }
  await stop();
  database.close();
  filled.close();
  return { rows, ...clocks.read() };
});

/** The same tables and indexes in the same order, and what our writer says to SQLite. */
function emptyLike(filled: DatabaseSync, file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA page_size = ${Number(filled.prepare('PRAGMA page_size').get()?.['page_size'])}`);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA foreign_keys = ON');
  database.exec('PRAGMA trusted_schema = OFF');
  database.exec('PRAGMA temp_store = MEMORY');
  database.exec('PRAGMA journal_size_limit = 67108864');
  database.exec('PRAGMA cache_size = -24576');
  const schema = filled.prepare(
    "select sql from sqlite_schema where sql is not null and name not like 'sqlite\\_%' escape '\\' order by rowid",
  );
  for (const { sql } of schema.all()) database.exec(String(sql));
  return database;
}

function copyLog(database: DatabaseSync, file: string, checkpoint: Checkpoint): () => Promise<unknown> {
  if (checkpoint !== 'by a thread') {
    database.exec(`PRAGMA wal_autocheckpoint = ${checkpoint === 'at 1000 frames' ? 1000 : 4000}`);
    return () => Promise.resolve();
  }
  database.exec('PRAGMA wal_autocheckpoint = 16000');
  const worker = new Worker(
    `const { DatabaseSync } = require('node:sqlite');
    const copy = new DatabaseSync(${JSON.stringify(file)}).prepare('PRAGMA wal_checkpoint(PASSIVE)');
    setInterval(() => copy.get(), 100);`,
    { eval: true, execArgv: [] },
  );
  return () => worker.terminate();
}

function transactionWriter(
  database: DatabaseSync,
  order: RowOrder,
): (leads: readonly (readonly TableRows[])[]) => void {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const inserts = new Map<string, StatementSync>();
  const write = ({ table, columns, rows }: TableRows): void => {
    let insert = inserts.get(table);
    if (insert === undefined) {
      const places = columns.map(() => '?').join(', ');
      insert = database.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`);
      inserts.set(table, insert);
    }
    for (const row of rows) insert.run(...row);
  };
  return (leads) => {
    begin.run();
    if (order === 'lead by lead') {
      for (const tables of leads) for (const rows of tables) write(rows);
    } else {
      for (const at of leads[0]?.keys() ?? []) for (const tables of leads) writeIfAny(tables[at], write);
    }
    commit.run();
  };
}

function writeIfAny(rows: TableRows | undefined, write: (rows: TableRows) => void): void {
  if (rows !== undefined) write(rows);
}
