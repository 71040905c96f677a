// The peak memory of an import of a workbook whose shared strings, 8,000,000 that differ, would not fit into it.
import { loadsTable, loadWhole } from './data/import-loads.ts';
import { memoryTarget } from './data/import-report.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber } from './kit/table.ts';

const textsARow = 8;
const rows = rowsOr(1_000_000);
const loaded = loadWhole({ name: 'xlsx', table: 'distinct-texts', format: 'xlsx', rows });

tell({
  name: 'import-shared-strings',
  about:
    `A workbook with ${printNumber(rows * textsARow)} different shared strings, ${textsARow} of the 12 cells of each row, imported ` +
    'whole into a fresh embedded store; peak memory as for `import-memory`.',
  table: loadsTable([loaded]),
  targets: [memoryTarget(`xlsx, ${printNumber(rows * textsARow)} shared strings`, loaded.run.peakMegabytes)],
});
