import { createReadStream } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parse } from 'csv-parse';
import { beSubject } from '../kit/subject.ts';
import { type RowsTiming, startClocks } from '../kit/timing.ts';

export interface InsertRowsSettings {
  readonly csv: string;
  /** Must not exist yet. */
  readonly file: string;
  readonly rowsPerTransaction: number;
}

/** The least that an import of one's own does: cells into one table of texts without an index, unchecked and unsealed. */
await beSubject<InsertRowsSettings, RowsTiming>(async ({ csv, file, rowsPerTransaction }) => {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  const elapsed = startClocks();
  let insert: StatementSync | null = null;
  let rows = 0;
  database.exec('BEGIN');
  for await (const record of createReadStream(csv).pipe(parse())) {
    const cells: readonly string[] = record;
    if (insert === null) {
      const columns = cells.map((_, at) => `column_${at} TEXT`);
      database.exec(`CREATE TABLE rows (${columns.join(', ')})`);
      insert = database.prepare(`INSERT INTO rows VALUES (${cells.map(() => '?').join(', ')})`);
      continue;
    }
    insert.run(...cells);
    rows += 1;
    if (rows % rowsPerTransaction === 0) database.exec('COMMIT; BEGIN');
  }
  database.exec('COMMIT');
  const timing = { rows, ...elapsed() };
  database.close();
  return timing;
});
