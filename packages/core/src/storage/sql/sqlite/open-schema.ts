import { LmsError } from '../../../foundation/kernel/index.js';
import { ddl } from '../ddl.js';
import { bothHomesSchema, schemaName, schemaVersion } from '../schema.js';
import { whileBusy } from './patience.js';
import type { SqliteConnection } from './sqlite-connection.js';

type SchemaState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'ours'; readonly version: number };

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
  const row = connection.first<{ version: number }>(`select version from store_schema where name = '${schemaName}'`);
  return row === null ? { kind: 'foreign' } : { kind: 'ours', version: row.version };
}

/** @throws LmsError `STORE_CORRUPT` for a database of another application, `STORE_TOO_NEW` */
export function refuseUnknownSchema(state: SchemaState, file: string): void {
  if (state.kind === 'foreign') {
    throw new LmsError('STORE_CORRUPT', {
      message: `${file} is a SQLite database of another application; name another file for the store`,
      path: file,
    });
  }
  if (state.kind === 'ours' && state.version > schemaVersion) {
    throw new LmsError('STORE_TOO_NEW', {
      message: `${file} was written by a newer release (schema ${state.version}; this one knows ${schemaVersion}); upgrade LMS`,
      path: file,
      details: { found: state.version, known: schemaVersion },
    });
  }
}

/** Makes the tables of a new store. Of two processes at once one makes them and the other finds them. */
export async function makeSchema(connection: SqliteConnection, file: string, patienceMillis: number): Promise<void> {
  await whileBusy(file, patienceMillis, () => connection.exec('BEGIN IMMEDIATE'));
  try {
    const state = schemaState(connection);
    refuseUnknownSchema(state, file);
    if (state.kind === 'empty') {
      for (const statement of ddl('sqlite', bothHomesSchema)) connection.exec(statement);
      connection.exec(`insert into store_schema (name, version) values ('${schemaName}', ${schemaVersion})`);
    }
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
