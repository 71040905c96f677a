// A whole import into MongoDB and MySQL, against a floor that writes the same documents and rows with the drivers alone.
import process from 'node:process';
import type { ServersFloorSettings } from './data/floor-settings.ts';
import { importFile } from './data/import-files.ts';
import { floorPass, passOf, tableOf, targetsOf } from './data/import-report.ts';
import { removeDatabases, type Servers, serversFor } from './data/servers.ts';
import { type Apart, runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber } from './kit/table.ts';
import { type RowsTiming, rowsPerSecond } from './kit/timing.ts';
import type { Imported, ImportSettings } from './subjects/import-with-sdk.ts';

const rows = rowsOr(100_000);
const batchesAtOnce = [1, 2, 4] as const;
const ofCsv = serversFor('lms_bench_csv', process.env);
const ofXlsx = serversFor('lms_bench_xlsx', process.env);
const ofFloor = serversFor('lms_bench_floor', process.env);

interface Floor {
  readonly atOnce: number;
  readonly run: Apart<RowsTiming>;
}

try {
  const load = (servers: Servers, format: 'csv' | 'xlsx', round: ImportSettings['round']): Apart<Imported> =>
    runApart<ImportSettings, Imported>(
      'import-with-sdk',
      { store: { kind: 'hybrid', servers }, round, file: importFile('plain', format, rows).path, rows },
      'small',
    );
  const csv = load(ofCsv, 'csv', 'fresh');
  const csvAgain = load(ofCsv, 'csv', 'again');
  const xlsx = load(ofXlsx, 'xlsx', 'fresh');
  const xlsxAgain = load(ofXlsx, 'xlsx', 'again');
  const { leadsPerBatch } = csv.found;
  const floor = fastestFloor(leadsPerBatch);
  tell({
    name: 'import-hybrid',
    about:
      `${printNumber(rows)} rows of 12 columns into the personal-loan example line on MongoDB and MySQL on this machine, the ` +
      'whole path. The floor writes the documents that the csv import wrote into the same collections by `insertMany` in the ' +
      `same transactions (${leadsPerBatch} leads each), then the same rows into the same tables by multi-row inserts of ` +
      '`mysql2` in one transaction, then takes the events out of the outbox; it reads nothing. ' +
      `With ${batchesAtOnce.join(', ')} batches at once the fastest counts (${floor.atOnce}). Processor time is the client's, ` +
      "not the servers'.",
    table: tableOf(
      [
        passOf('import of csv', csv),
        passOf('the unchanged csv again', csvAgain),
        passOf('import of xlsx', xlsx),
        passOf('the unchanged xlsx again', xlsxAgain),
        floorPass('floor: the same documents and rows', floor.run),
      ],
      floor.run.found,
    ),
    targets: targetsOf({ csv, csvAgain, xlsx, xlsxAgain, floor: floor.run.found }),
  });
} finally {
  for (const servers of [ofCsv, ofXlsx, ofFloor]) await removeDatabases(servers);
}

function fastestFloor(leadsPerTransaction: number): Floor {
  const floors = batchesAtOnce.map((atOnce): Floor => {
    const settings = { source: ofCsv, servers: ofFloor, leadsPerTransaction, atOnce };
    const run = runApart<ServersFloorSettings, RowsTiming>('floor-on-servers', settings);
    console.log(`floor, ${atOnce} batches at once: ${printNumber(rowsPerSecond(run.found))} rows/s`);
    return { atOnce, run };
  });
  return floors.reduce((best, one) => (rowsPerSecond(one.run.found) > rowsPerSecond(best.run.found) ? one : best));
}
