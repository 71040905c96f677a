// The peak memory of imports of growing files: it must be small, and it must not grow with the file.
import { type Load, type Loaded, loadsTable, loadWhole } from './data/import-loads.ts';
import { memoryTarget } from './data/import-report.ts';
import { type Target, tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber } from './kit/table.ts';

const most = rowsOr(1_000_000);
/** Where ten times the rows take at most so many times the memory, it is called flat. */
const mostGrowth = 1.1;
const loads: readonly Load[] = [
  { name: 'csv', table: 'plain', format: 'csv', rows: Math.ceil(most * 0.1) },
  { name: 'csv', table: 'plain', format: 'csv', rows: Math.ceil(most * 0.3) },
  { name: 'csv', table: 'plain', format: 'csv', rows: most },
  { name: 'xlsx', table: 'plain', format: 'xlsx', rows: most },
];

const loaded = loads.map(loadWhole);
const [small, , large] = loaded;

tell({
  name: 'import-memory',
  about:
    'Whole imports into fresh embedded stores, each in a process of its own; peak memory is the most that the process held, ' +
    "node itself, the engine's page cache and all threads included.",
  table: loadsTable(loaded),
  targets: [
    ...loaded.map(({ name, rows, run }) => memoryTarget(`${name}, ${printNumber(rows)} rows`, run.peakMegabytes)),
    ...(small && large ? [flatTarget(small, large)] : []),
  ],
});

function flatTarget(few: Loaded, many: Loaded): Target {
  const growth = many.run.peakMegabytes / few.run.peakMegabytes;
  return {
    asked: `csv: ten times the rows take at most ${printNumber(mostGrowth, 2)} times the memory`,
    measured: `${printNumber(growth, 2)} times`,
    met: growth <= mostGrowth,
  };
}
