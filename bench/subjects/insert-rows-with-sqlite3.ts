import { spawnSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { beSubject } from '../kit/subject.ts';
import { startClocks } from '../kit/timing.ts';

export interface SqliteCliSettings {
  readonly csv: string;
  /** Must not exist yet. */
  readonly file: string;
}

/** Processor time and memory are another program's and are not known here. */
export interface SqliteCliTiming {
  readonly rows: number;
  readonly wallMillis: number;
}

/** `sqlite3 .import` into one table of texts, in one transaction, as it always does; null where the machine has no sqlite3. */
await beSubject<SqliteCliSettings, SqliteCliTiming | null>(async ({ csv, file }) => {
  const elapsed = startClocks();
  const { error, status, stderr } = spawnSync(
    'sqlite3',
    ['-cmd', 'PRAGMA journal_mode = WAL', '-cmd', 'PRAGMA synchronous = FULL', file, `.import --csv "${csv}" rows`],
    { encoding: 'utf8' },
  );
  const { wallMillis } = elapsed();
  if (error) return null;
  if (status !== 0) throw new Error(`sqlite3 .import ended with ${status}: ${stderr}`);
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = Number(database.prepare('select count(*) as rows from rows').get()?.['rows']);
  database.close();
  return { rows, wallMillis };
});
