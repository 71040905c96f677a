import { stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SqlOperation } from '../../migrations/migration.js';
import { newestLayout, newestReadableBy } from '../../migrations/migrations.js';
import type { MigrationTarget } from '../../migrations/run-migrations.js';
import { applySqlOperation } from '../../migrations/sql-changes.js';
import { layoutStatement } from '../../migrations/sql-layout.js';
import { describeSqlOperation, sqlOperationsOf, tableReadBy } from '../../migrations/sql-operations.js';
import { migrateTarget, statusOf } from '../../migrations/storage-migrations.js';
import type { StorageMigrations } from '../../migrations-port.js';
import type { SqlConnection } from '../sql-connection.js';
import { inMemory } from './in-memory.js';
import { checkFile } from './open-file.js';
import { inTransaction, refuseUnknownSchema, schemaState } from './open-schema.js';
import { whileBusy } from './patience.js';
import { ReadingThread } from './reading-thread.js';
import { SqliteConnection } from './sqlite-connection.js';
import { sqliteFailure } from './sqlite-failure.js';

/** The engine waits this long by itself, blocking the process, before the wait goes on without blocking it. */
const blocksMillis = 2;
const pragmas = ['PRAGMA synchronous = FULL', 'PRAGMA foreign_keys = ON', 'PRAGMA trusted_schema = OFF'];

export interface SqliteMigrationOptions {
  readonly file: string;
  readonly patienceMillis: number;
}

/**
 * A file to migrate. A step is one transaction: killed in it, nothing happened. Other processes read on meanwhile and wait with what
 * they write.
 */
export function sqliteTarget(
  connection: SqliteConnection,
  options: SqliteMigrationOptions,
  counts: SqlConnection = connection,
): MigrationTarget<SqlOperation> {
  return {
    place: options.file,
    async layout() {
      const state = await whileBusy(options.file, options.patienceMillis, () => schemaState(connection));
      if (state.kind === 'ours') return state.layout;
      refuseUnknownSchema(state, options.file);
      return null;
    },
    operationsOf: (migration) => sqlOperationsOf(migration, 'both'),
    describe: describeSqlOperation,
    readBy: tableReadBy,
    rowEstimates: () => countEach(connection, counts),
    exclusively: (step, waitMillis) =>
      inTransaction(connection, { file: options.file, patienceMillis: waitMillis }, step),
    apply: (operation, between) =>
      applySqlOperation({ flavour: 'sqlite', connection, collation: 'utf8mb4_0900_bin' }, operation, async (rows) => {
        await between(rows);
        await nextTurn();
      }),
    async record(layout) {
      connection.run(layoutStatement('sqlite', layout));
    },
  };
}

async function countEach(connection: SqliteConnection, counts: SqlConnection): Promise<ReadonlyMap<string, number>> {
  const tables = connection.run<{ readonly name: string }>({
    sql: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
    parameters: [],
  }).rows;
  const rows = new Map<string, number>();
  for (const { name } of tables) {
    const counted = await counts.execute<{ readonly found: number }>({
      sql: `select count(*) as found from "${name}"`,
      parameters: [],
    });
    rows.set(name, counted.rows[0]?.found ?? 0);
  }
  return rows;
}

/** The migrations of a file, on connections of their own. */
export function sqliteMigrations(options: SqliteMigrationOptions): StorageMigrations {
  if (options.file === inMemory) return nothingToMigrate;
  return {
    status: () => onFile(options, async (target) => [await statusOf('store', target)]),
    run: (runOptions = {}) => onFile(options, async (target) => [await migrateTarget('store', target, runOptions)]),
  };
}

/** A store in memory is made anew each time. */
const nothingToMigrate: StorageMigrations = {
  async status() {
    const layout = { version: newestLayout, readableBy: newestReadableBy };
    return [{ part: 'store', place: inMemory, layout, newest: newestLayout, pending: [], rows: {} }];
  },
  async run() {
    const layout = { version: newestLayout, readableBy: newestReadableBy };
    return [{ part: 'store', place: inMemory, taken: [], layout }];
  },
};

async function onFile<Result>(
  options: SqliteMigrationOptions,
  work: (target: MigrationTarget<SqlOperation>) => Promise<Result>,
): Promise<Result> {
  const { file } = options;
  await checkFile(file);
  // Looking at a store that is not there yet makes none.
  const isThere = ((await stat(file).catch(() => null))?.size ?? 0) > 0;
  const connection = new SqliteConnection(isThere ? file : inMemory, {
    readOnly: false,
    busyTimeoutMillis: blocksMillis,
  });
  const thread = new ReadingThread({ file, pragmas: [`PRAGMA busy_timeout = ${blocksMillis}`], inProcess: connection });
  try {
    for (const pragma of pragmas) connection.exec(pragma);
    return await work(sqliteTarget(connection, options, thread));
  } catch (error) {
    throw sqliteFailure(error, file);
  } finally {
    await thread.close();
    connection.close();
  }
}
