import { join } from 'node:path';
import { type Apart, runApart } from '../kit/apart.ts';
import { printNumber, type Table } from '../kit/table.ts';
import { rowsPerSecond } from '../kit/timing.ts';
import { inFreshFolder } from '../kit/workplace.ts';
import type { Imported, ImportSettings } from '../subjects/import-with-sdk.ts';
import { importFile } from './import-files.ts';
import type { TableName } from './import-rows.ts';

/** A file to import whole into a fresh embedded store. */
export interface Load {
  readonly name: string;
  readonly table: TableName;
  readonly format: 'csv' | 'xlsx';
  readonly rows: number;
}

export interface Loaded extends Load {
  readonly megabytes: number;
  readonly run: Apart<Imported>;
}

/** Imports in a process of its own and says so as it goes on. */
export function loadWhole(load: Load): Loaded {
  const { path: file, megabytes } = importFile(load.table, load.format, load.rows);
  console.log(`importing ${printNumber(load.rows)} rows (${load.name}, ${printNumber(megabytes, 1)} MB) ...`);
  const run = inFreshFolder((folder) =>
    runApart<ImportSettings, Imported>(
      'import-with-sdk',
      { store: { kind: 'embedded', file: join(folder, 'lms.db') }, round: 'fresh', file, rows: load.rows },
      'small',
    ),
  );
  console.log(`  ${printNumber(rowsPerSecond(run.found))} rows/s, peak ${printNumber(run.peakMegabytes)} MB`);
  return { ...load, megabytes, run };
}

export function loadsTable(loaded: readonly Loaded[]): Table {
  return {
    headings: ['', 'rows', 'file MB', 'rows/s', 'CPU ms a row', 'peak MB'],
    rows: loaded.map(({ name, rows, megabytes, run }) => [
      name,
      printNumber(rows),
      printNumber(megabytes, 1),
      printNumber(rowsPerSecond(run.found)),
      printNumber(run.found.cpuMillis / rows, 3),
      printNumber(run.peakMegabytes),
    ]),
  };
}
