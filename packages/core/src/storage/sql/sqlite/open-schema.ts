import { LmsError } from '../../../foundation/kernel/index.js';
import { refuseTooNew } from '../../migrations/layout.js';
import { newestLayout, newestReadableBy } from '../../migrations/migrations.js';
import { type LayoutRow, layoutOfRows, layoutStatement, readLayoutRows } from '../../migrations/sql-layout.js';
import type { Layout } from '../../migrations-port.js';
import { ddl } from '../ddl.js';
import { bothHomesSchema } from '../schema.js';
import { whileBusy } from './patience.js';
import type { SqliteConnection } from './sqlite-connection.js';

type SchemaState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'ours'; readonly layout: Layout };

interface Contents {
  readonly objects: number;
  readonly ours: number;
}

/** What a database holds, read without changing it; of another process that makes the tables just now, none or all. */
export function schemaState(connection: SqliteConnection): SchemaState {
  const contents = connection.first<Contents>(
    "select count(*) as objects, count(case when type = 'table' and name = 'store_schema' then 1 end) as ours from sqlite_master",
  );
  if (!contents?.objects) return { kind: 'empty' };
  if (contents.ours === 0) return { kind: 'foreign' };
  const layout = layoutOfRows(connection.run<LayoutRow>(readLayoutRows).rows);
  return layout === null ? { kind: 'foreign' } : { kind: 'ours', layout };
}

/** @throws LmsError `STORE_CORRUPT` for a database of another application, `STORE_TOO_NEW` */
export function refuseUnknownSchema(state: SchemaState, file: string): void {
  if (state.kind === 'foreign') {
    throw new LmsError('STORE_CORRUPT', {
      message: `${file} is a SQLite database of another application; name another file for the store`,
      path: file,
    });
  }
  if (state.kind === 'ours') refuseTooNew(state.layout, file);
}

/** Makes the tables of a new store. Of two processes at once one makes them and the other finds them. */
export async function makeSchema(connection: SqliteConnection, file: string, patienceMillis: number): Promise<void> {
  await inTransaction(connection, { file, patienceMillis }, async () => {
    const state = schemaState(connection);
    refuseUnknownSchema(state, file);
    if (state.kind !== 'empty') return;
    for (const statement of ddl('sqlite', bothHomesSchema)) connection.exec(statement);
    const layout = { version: newestLayout, readableBy: newestReadableBy };
    connection.run(layoutStatement('sqlite', layout));
  });
}

interface Patience {
  readonly file: string;
  readonly patienceMillis: number;
}

/** Runs work in one transaction that no other process writes in: all of it, or nothing. @throws LmsError `STORE_LOCKED` */
export async function inTransaction<Result>(
  connection: SqliteConnection,
  { file, patienceMillis }: Patience,
  work: () => Promise<Result>,
): Promise<Result> {
  await whileBusy(file, patienceMillis, () => connection.exec('BEGIN IMMEDIATE'));
  try {
    const result = await work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
