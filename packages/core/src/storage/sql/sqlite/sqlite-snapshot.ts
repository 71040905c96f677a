import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RowBatch, StoredCell, StoredRow, StoreSnapshot } from '../../../foundation/backup/snapshot-store.js';
import { LmsError } from '../../../foundation/kernel/index.js';
import { refuseCopying } from '../../migrations/layout.js';
import { type LayoutRow, layoutOfRows, readLayoutRows } from '../../migrations/sql-layout.js';
import type { Layout } from '../../migrations-port.js';
import { copiedTables } from '../copied-tables.js';
import { RowGatherer } from '../row-batches.js';
import { quoted } from '../row-loader.js';
import type { TableDescription } from '../schema-description.js';
import { inMemory } from './in-memory.js';
import { sqliteFailure } from './sqlite-failure.js';

const busyMillis = 5_000;
/** How long rows are read before the event loop has its turn. */
const sliceMillis = 8;

/**
 * What the file holds at the moment of the call, read in one transaction of a connection of its own: writers go on, and what
 * they write stays in the log until the snapshot is closed.
 * @throws LmsError `STORE_MISCONFIGURED` for a store in memory, which no other connection can see; `STORE_TOO_NEW`; `STORE_*`
 */
export function sqliteSnapshot(file: string): StoreSnapshot {
  if (file === inMemory) {
    throw new LmsError('STORE_MISCONFIGURED', { message: 'a store in memory cannot be backed up; keep it in a file' });
  }
  const database = openInTransaction(file);
  return {
    async *batches() {
      for (const table of copiedTables) yield* rowsOf(database, table, file);
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

function openInTransaction(file: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    database.exec(`PRAGMA busy_timeout = ${busyMillis}`);
    database.exec('BEGIN');
    // The first read is what fixes the moment.
    refuseCopying(layoutIn(database), file);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof LmsError ? error : sqliteFailure(error, file);
  }
}

function layoutIn(database: DatabaseSync): Layout | null {
  const rows = database.prepare(readLayoutRows.sql).all(...readLayoutRows.parameters);
  const said: LayoutRow[] = [];
  for (const { name, version } of rows) {
    if (typeof name === 'string' && typeof version === 'number') said.push({ name, version });
  }
  return layoutOfRows(said);
}

/** In the order of the file: that of their making, which is how it is read and written fastest. */
async function* rowsOf(database: DatabaseSync, table: TableDescription, file: string): AsyncGenerator<RowBatch> {
  const gatherer = new RowGatherer(table.name);
  let since = performance.now();
  for (const row of eachRow(database, table, file)) {
    const batch = gatherer.add(row);
    if (batch !== null) yield batch;
    if (performance.now() - since < sliceMillis) continue;
    await nextTurn();
    since = performance.now();
  }
  const rest = gatherer.take();
  if (rest.rows.length > 0) yield rest;
}

function* eachRow(database: DatabaseSync, { name, columns }: TableDescription, file: string): Generator<StoredRow> {
  try {
    const names = Object.keys(columns).map(quoted).join(', ');
    const statement = database.prepare(`SELECT ${names} FROM ${quoted(name)}`);
    // Without names for every cell, which would take a third of the time.
    statement.setReturnArrays(true);
    for (const row of statement.iterate()) yield cellsOf(row);
  } catch (error) {
    throw sqliteFailure(error, file);
  }
}

function cellsOf(row: object): StoredRow {
  const cells: unknown[] = Array.isArray(row) ? row : Object.values(row);
  return cells.map(cellOf);
}

function cellOf(value: unknown): StoredCell {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new LmsError('STORE_CORRUPT', {
    message: `a row holds a value of type ${typeof value}, which no store writes`,
  });
}
