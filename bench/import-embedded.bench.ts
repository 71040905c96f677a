// A whole import into an embedded store, against a floor that writes the same bytes into the same tables and nothing else.
import { join } from 'node:path';
import { type Checkpoint, checkpoints, type FloorSettings, type RowOrder, rowOrders } from './data/floor-settings.ts';
import { importFile } from './data/import-files.ts';
import { floorPass, type Pass, passOf, tableOf, targetsOf } from './data/import-report.ts';
import { type Apart, runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber } from './kit/table.ts';
import { type RowsTiming, rowsPerSecond } from './kit/timing.ts';
import { inFreshFolder } from './kit/workplace.ts';
import type { Imported, ImportSettings } from './subjects/import-with-sdk.ts';
import type { InsertRowsSettings } from './subjects/insert-rows-with-csv-parse.ts';
import type { SqliteCliSettings, SqliteCliTiming } from './subjects/insert-rows-with-sqlite3.ts';
import type { ReadRowsSettings } from './subjects/read-rows-with-sdk.ts';

const rows = rowsOr(100_000);
const csvFile = importFile('plain', 'csv', rows).path;
const xlsxFile = importFile('plain', 'xlsx', rows).path;

type Heap = 'small' | 'grows';

interface Floor {
  readonly checkpoint: Checkpoint;
  readonly order: RowOrder;
  readonly run: Apart<RowsTiming>;
}

inFreshFolder((folder) => {
  const load = (name: string, file: string, round: ImportSettings['round'], heap: Heap): Apart<Imported> => {
    const store = { kind: 'embedded', file: join(folder, `${name}.db`) } as const;
    return runApart<ImportSettings, Imported>('import-with-sdk', { store, round, file, rows }, heap);
  };
  // In turns, as the machine is faster at times.
  const csvFirst = load('csv-1', csvFile, 'fresh', 'small');
  const { leadsPerBatch } = csvFirst.found;
  const floor = fastestFloor(folder, leadsPerBatch);
  const csv = fastest([csvFirst, load('csv-2', csvFile, 'fresh', 'small')]);
  const csvAgain = load('csv-1', csvFile, 'again', 'small');
  const xlsx = fastest(['xlsx-1', 'xlsx-2'].map((name) => load(name, xlsxFile, 'fresh', 'small')));
  const xlsxAgain = load('xlsx-1', xlsxFile, 'again', 'small');
  const csvHeapGrows = load('csv-heap-grows', csvFile, 'fresh', 'grows');
  const passes = { csv, csvAgain, xlsx, xlsxAgain, floor: floor.run.found };
  tell({
    name: 'import-embedded',
    about:
      `${printNumber(rows)} rows of 12 columns into the personal-loan example line on a fresh embedded store, the whole path: ` +
      'read, map, check, normalise, seal, store, unique keys, facts, audit, the record of the run, with the heap that `lms import` ' +
      'keeps small, and once as V8 lets it grow. The floor writes the bytes ' +
      'that the csv import wrote, row by row, into the same tables and indexes by prepared statements on bare `node:sqlite`, ' +
      `${leadsPerBatch} leads a transaction as the import; of ${checkpoints.length} ways to copy the log back and ` +
      `${rowOrders.length} orders the fastest counts (${floor.checkpoint}, ${floor.order}), and so it does of ` +
      'two imports of each file. What stands below it does less: ' +
      'one table of texts without an index, or reading alone.',
    table: tableOf(
      [
        passOf('import of csv', csv),
        passOf('the unchanged csv again', csvAgain),
        passOf('import of xlsx', xlsx),
        passOf('the unchanged xlsx again', xlsxAgain),
        passOf("import of csv, with V8's own heap", csvHeapGrows),
        floorPass('floor: the same bytes', floor.run),
        ...besides(folder),
      ],
      floor.run.found,
    ),
    targets: targetsOf(passes),
  });
});

function fastestFloor(folder: string, leadsPerTransaction: number): Floor {
  const floors = checkpoints.flatMap((checkpoint) =>
    rowOrders.map((order): Floor => {
      const name = `floor-${checkpoint}-${order}`.replaceAll(' ', '-');
      const run = runApart<FloorSettings, RowsTiming>('floor-on-sqlite', {
        source: join(folder, 'csv-1.db'),
        file: join(folder, `${name}.db`),
        leadsPerTransaction,
        checkpoint,
        order,
      });
      console.log(`floor, log copied ${checkpoint}, ${order}: ${printNumber(rowsPerSecond(run.found))} rows/s`);
      return { checkpoint, order, run };
    }),
  );
  return floors.reduce((best, one) => (rowsPerSecond(one.run.found) > rowsPerSecond(best.run.found) ? one : best));
}

function fastest(passes: readonly Apart<Imported>[]): Apart<Imported> {
  return passes.reduce((best, one) => (rowsPerSecond(one.found) > rowsPerSecond(best.found) ? one : best));
}

function besides(folder: string): readonly Pass[] {
  const insertSettings = { csv: csvFile, file: join(folder, 'bare.db'), rowsPerTransaction: 1000 };
  const cliSettings = { csv: csvFile, file: join(folder, 'cli.db') };
  const read = (name: string, file: string): Apart<RowsTiming> =>
    runApart<ReadRowsSettings, RowsTiming>(name, { file });
  const cli = runApart<SqliteCliSettings, SqliteCliTiming | null>('insert-rows-with-sqlite3', cliSettings).found;
  if (cli === null) console.log('there is no sqlite3 on this machine: `sqlite3 .import` was not measured');
  return [
    passOf(
      'beside: csv-parse, bare inserts',
      runApart<InsertRowsSettings, RowsTiming>('insert-rows-with-csv-parse', insertSettings),
    ),
    ...(cli === null
      ? []
      : [
          {
            name: 'beside: sqlite3 .import',
            rowsPerSecond: (cli.rows * 1000) / cli.wallMillis,
            cpuMillisPerRow: null,
            peakMegabytes: null,
          },
        ]),
    passOf('beside: our reader alone, csv', read('read-rows-with-sdk', csvFile)),
    passOf('beside: our reader alone, xlsx', read('read-rows-with-sdk', xlsxFile)),
    passOf('beside: exceljs streaming alone, xlsx', read('read-rows-with-exceljs', xlsxFile)),
  ];
}
