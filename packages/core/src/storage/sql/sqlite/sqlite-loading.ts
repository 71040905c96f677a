import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoreLoading } from '../../../foundation/backup/snapshot-store.js';
import { LmsError } from '../../../foundation/kernel/index.js';
import { copiedTables } from '../copied-tables.js';
import {
  countRows,
  endRestoring,
  holdRestoring,
  holdsRows,
  isRestoring,
  newRestoringMark,
  notEmpty,
  requireCount,
  setRestoring,
  takeOverRestoring,
} from '../restoring-mark.js';
import { insertRows, quoted } from '../row-loader.js';
import { bothHomesSchema } from '../schema.js';
import { inMemory } from './in-memory.js';
import { openWriter } from './open-store.js';
import { whileBusy } from './patience.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { sqliteFailure } from './sqlite-failure.js';

/**
 * Fills the file, which is made where it is missing. A batch is a transaction; the log is synced when it is copied into the
 * file, and all of it before the store is opened to others.
 * @throws LmsError `STORE_NOT_EMPTY`, `STORE_MISCONFIGURED` for a store in memory, and what opening throws
 */
export async function sqliteLoading(file: string, patienceMillis: number): Promise<StoreLoading> {
  if (file === inMemory) {
    throw new LmsError('STORE_MISCONFIGURED', { message: 'a store in memory cannot be restored; name a file' });
  }
  const { writer: connection } = await openWriter(file, patienceMillis, 'refuse');
  const mark = newRestoringMark();
  const inTransaction = async (work: () => Promise<void>): Promise<void> => {
    try {
      await whileBusy(file, patienceMillis, () => connection.exec('BEGIN IMMEDIATE'));
      await work();
      connection.exec('COMMIT');
    } catch (error) {
      if (connection.inTransaction) connection.exec('ROLLBACK');
      throw sqliteFailure(error, file);
    }
  };
  try {
    // Rows of an earlier try go in any order; later ones are checked.
    connection.exec('PRAGMA foreign_keys = OFF');
    await inTransaction(() => takeOver(connection, file, mark));
    connection.exec('PRAGMA foreign_keys = ON');
    connection.exec('PRAGMA synchronous = NORMAL');
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    async load(batch) {
      await inTransaction(async () => {
        await holdRestoring(connection, mark, '');
        await insertRows(connection, batch);
      });
      await nextTurn();
    },
    async finish(rows) {
      for (const { name } of copiedTables) requireCount(name, await countRows(connection, name), rows.get(name) ?? 0);
      connection.exec('PRAGMA synchronous = FULL');
      connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      await inTransaction(() => endRestoring(connection, mark));
    },
    async close() {
      connection.close();
    },
  };
}

/** Marks an empty store, or one that a restore left unfinished, which is emptied. */
async function takeOver(connection: SqliteConnection, file: string, mark: number): Promise<void> {
  if (await isRestoring(connection)) {
    await takeOverRestoring(connection, mark);
    for (const { name } of [...copiedTables].reverse()) connection.exec(`DELETE FROM ${quoted(name)}`);
    return;
  }
  if (await holdsRows(connection, bothHomesSchema)) throw notEmpty(file);
  await setRestoring(connection, mark);
}
