import { LmsError } from '../../../foundation/kernel/index.js';
import { refuseOutdated } from '../../migrations/layout.js';
import { migrations } from '../../migrations/migrations.js';
import { runMigrations } from '../../migrations/run-migrations.js';
import type { MigratePolicy } from '../../migrations-port.js';
import { refuseWhileRestoring } from '../restoring-mark.js';
import { inMemory } from './in-memory.js';
import { checkFile } from './open-file.js';
import { makeSchema, refuseUnknownSchema, schemaState } from './open-schema.js';
import { whileBusy } from './patience.js';
import { ReadingThread } from './reading-thread.js';
import { SqliteConnection } from './sqlite-connection.js';
import { sqliteFailure } from './sqlite-failure.js';
import { sqliteTarget } from './sqlite-migrations.js';
import { requireTables } from './table-check.js';

export interface OpenedStore {
  readonly writer: SqliteConnection;
  /** A second handle, so that reads never see what is not committed; the writer itself for a store in memory. */
  readonly reader: SqliteConnection;
  /** For reads that may look at many rows; null for a store in memory, which no other connection can see. */
  readonly readingThread: ReadingThread | null;
  /** The layout that this opening found and brought to the newest; null when it was that already. */
  readonly migratedFrom: number | null;
}

/** The engine waits this long by itself, blocking the process, before the writer takes over without blocking it. */
const writerBlocksMillis = 2;
const readerBlocksMillis = 20;

/** Lists and reports go over many pages. */
const readerCachePragma = 'PRAGMA cache_size = -65536';
/** A commit of 500 new leads writes some 20 MB; what does not fit goes to the log twice (a tenth more time with half of this). */
const writerCachePragma = 'PRAGMA cache_size = -24576';
/** In this process leads are read by their ids, which come back to few pages; the operating system keeps the others. */
const smallCachePragma = 'PRAGMA cache_size = -8192';
const threadPragmas = [`PRAGMA busy_timeout = ${readerBlocksMillis}`, readerCachePragma, 'PRAGMA temp_store = MEMORY'];
const readerPragmas = [smallCachePragma, 'PRAGMA temp_store = MEMORY'];
const writerPragmas = [
  // Every commit reaches the disk before the caller hears of it; the writer of units sees to that by itself where it can.
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  'PRAGMA trusted_schema = OFF',
  'PRAGMA temp_store = MEMORY',
  'PRAGMA wal_autocheckpoint = 4000',
  'PRAGMA journal_size_limit = 67108864',
  // Also pages that are given up whole are overwritten, which FAST leaves: what an erased lead held in the clear lay in them.
  'PRAGMA secure_delete = ON',
  writerCachePragma,
];

/**
 * @throws LmsError `STORE_MISCONFIGURED`, `STORE_UNAVAILABLE`, `STORE_CORRUPT`, `STORE_TOO_NEW`, `STORE_OUTDATED`, `STORE_RESTORING`,
 * `STORE_LOCKED`
 */
export async function openStore(
  file: string,
  patienceMillis: number,
  migrate: MigratePolicy = 'at-open',
): Promise<OpenedStore> {
  const { writer, migratedFrom } = await openWriter(file, patienceMillis, migrate);
  try {
    await refuseWhileRestoring(writer, file);
    if (file === inMemory) return { writer, reader: writer, readingThread: null, migratedFrom };
    const reader = openReader(file);
    const readingThread = new ReadingThread({ file, pragmas: threadPragmas, inProcess: reader });
    return { writer, reader, readingThread, migratedFrom };
  } catch (error) {
    writer.close();
    throw sqliteFailure(error, file);
  }
}

/** A handle that writes, on a file that has all tables of this release; also while a restore fills it. @throws as {@link openStore} */
export async function openWriter(
  file: string,
  patienceMillis: number,
  migrate: MigratePolicy,
): Promise<Pick<OpenedStore, 'writer' | 'migratedFrom'>> {
  if (file !== inMemory) await checkFile(file);
  const writer = new SqliteConnection(file, { readOnly: false, busyTimeoutMillis: writerBlocksMillis });
  try {
    // Before anything is written: a file of somebody else is left as it is.
    const found = await whileBusy(file, patienceMillis, () => schemaState(writer));
    refuseUnknownSchema(found, file);
    if (found.kind === 'ours' && migrate === 'refuse') refuseOutdated(found.layout, file);
    if (file !== inMemory) await useWriteAheadLog(writer, file, patienceMillis);
    for (const pragma of writerPragmas) writer.exec(pragma);
    await makeSchema(writer, file, patienceMillis);
    const taken = await runMigrations(sqliteTarget(writer, { file, patienceMillis }), {
      migrations,
      waitMillis: patienceMillis,
    });
    requireTables(writer, file);
    return { writer, migratedFrom: taken[0] === undefined ? null : taken[0].version - 1 };
  } catch (error) {
    writer.close();
    throw sqliteFailure(error, file);
  }
}

function openReader(file: string): SqliteConnection {
  const reader = new SqliteConnection(file, { readOnly: true, busyTimeoutMillis: readerBlocksMillis });
  for (const pragma of readerPragmas) reader.exec(pragma);
  return reader;
}

async function useWriteAheadLog(writer: SqliteConnection, file: string, patienceMillis: number): Promise<void> {
  const mode = await whileBusy(file, patienceMillis, () =>
    writer.first<{ journal_mode: string }>('PRAGMA journal_mode = WAL'),
  );
  if (mode?.journal_mode === 'wal') return;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: `${file} cannot use a write-ahead log (journal mode is ${mode?.journal_mode}); keep it on a local disk`,
    path: file,
  });
}
