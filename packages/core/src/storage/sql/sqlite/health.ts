import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Finding, LmsError } from '../../../foundation/kernel/index.js';
import { layoutFinding } from '../../migrations/layout.js';
import { inMemory } from './in-memory.js';
import { networkFileSystemOf } from './network-file-system.js';
import { schemaState } from './open-schema.js';
import { realFileOf } from './real-file.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteStore } from './sqlite-store.js';

/** Reading every page of a large file takes long; after this, the tables left are named and not read. */
const integrityBudgetMillis = 3_000;

/** What `lms doctor` prints of an embedded store. A store that cannot be opened is a finding, not an exception. */
export async function sqliteHealth(store: SqliteStore, file: string): Promise<readonly Finding[]> {
  try {
    const { reader, migratedFrom } = await store.open();
    return [
      { name: 'file', ok: true, message: `${file} is open` },
      journalMode(reader, file),
      schema(reader, migratedFrom),
      await fileSystem(file),
      await integrity(store, reader, file),
    ];
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    return [{ name: 'file', ok: false, message: `${error.code}: ${error.message}` }];
  }
}

function journalMode(reader: SqliteConnection, file: string): Finding {
  const mode = reader.first<{ journal_mode: string }>('PRAGMA journal_mode')?.journal_mode ?? 'unknown';
  const ok = mode === 'wal' || file === inMemory;
  return { name: 'journal-mode', ok, message: ok ? mode : `${mode}; expected wal: keep the file on a local disk` };
}

function schema(reader: SqliteConnection, migratedFrom: number | null): Finding {
  const state = schemaState(reader);
  const finding = layoutFinding('schema', state.kind === 'ours' ? state.layout : null);
  if (migratedFrom === null) return finding;
  return { ...finding, message: `${finding.message}, migrated from ${migratedFrom} at this opening` };
}

async function fileSystem(file: string): Promise<Finding> {
  const network = file === inMemory ? null : await networkFileSystemOf(dirname(await realFileOf(file)));
  return network === null
    ? { name: 'file-system', ok: true, message: 'local' }
    : { name: 'file-system', ok: false, message: `${network}; move the file to a local disk` };
}

async function integrity(store: SqliteStore, reader: SqliteConnection, file: string): Promise<Finding> {
  const tables = reader.run<{ name: string }>({
    sql: "select name from sqlite_master where type = 'table' order by name",
    parameters: [],
  }).rows;
  const deadline = performance.now() + integrityBudgetMillis;
  let checked = 0;
  for (const { name } of tables) {
    if (performance.now() >= deadline) break;
    const check = { sql: `PRAGMA quick_check('${name}')`, parameters: [] };
    const said = (await store.scanner.execute<{ quick_check: string }>(check)).rows[0]?.quick_check ?? 'no answer';
    if (said !== 'ok') {
      return { name: 'integrity', ok: false, message: `table ${name}: ${said}; restore ${file} from a backup` };
    }
    checked += 1;
    await nextTurn();
  }
  const rest = tables.length - checked;
  const message = `${checked} tables checked${rest === 0 ? '' : `, ${rest} left for want of time`}`;
  return { name: 'integrity', ok: true, message };
}
