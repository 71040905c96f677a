// A backup of an embedded store and its restore, against SQLite's own copy of the file.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { bigStore } from './data/big-store.ts';
import { runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber } from './kit/table.ts';
import type { Elapsed } from './kit/timing.ts';
import { inFreshFolder } from './kit/workplace.ts';
import type { BackupFound, BackupSettings } from './subjects/backup-with-sdk.ts';
import type { VacuumFound, VacuumSettings } from './subjects/copy-with-vacuum.ts';

const leads = rowsOr(100_000);
const leastMegabytesPerSecond = 30;
const mostMegabytes = 256;
const store = bigStore(leads).file;

const { found, peakMegabytes, vacuum } = inFreshFolder((folder) => {
  const copy = join(folder, 'copy.db');
  copyFileSync(`${store}.key`, `${copy}.key`);
  const ours = runApart<BackupSettings, BackupFound>('backup-with-sdk', {
    store,
    backup: join(folder, 'whole.lmsbackup'),
    copy,
  });
  const peer = runApart<VacuumSettings, VacuumFound>('copy-with-vacuum', { store, copy: join(folder, 'vacuum.db') });
  return { ...ours, vacuum: peer.found };
});

const megabytesPerSecond = (bytes: number, { wallMillis }: Elapsed): number => bytes / 1e3 / wallMillis;
const rowOf = (what: string, bytes: number, written: number, elapsed: Elapsed): readonly string[] => [
  what,
  printNumber(bytes / 1e6),
  printNumber(written / 1e6),
  printNumber(elapsed.wallMillis / 1000, 1),
  printNumber(elapsed.cpuMillis / 1000, 1),
  printNumber(megabytesPerSecond(bytes, elapsed), 1),
];
const backupSpeed = megabytesPerSecond(found.dataBytes, found.backup);

tell({
  name: 'backup',
  about:
    `An embedded store of ${printNumber(leads)} leads (${printNumber(found.rows)} rows) into a sealed file, and from it into a new store, in one process. MB are those of the ` +
    'rows; `VACUUM INTO` copies the file with its indexes, neither compressed nor sealed, so its MB are those of the file.',
  table: {
    headings: ['', 'MB', 'MB written', 's', 'CPU s', 'MB/s'],
    rows: [
      rowOf('backup', found.dataBytes, found.bytes, found.backup),
      rowOf('restore', found.dataBytes, vacuum.bytes, found.restore),
      rowOf('VACUUM INTO', vacuum.bytes, vacuum.bytes, vacuum.copied),
    ],
  },
  targets: [
    {
      asked: `a backup at ${leastMegabytesPerSecond} MB/s or more`,
      measured: `${printNumber(backupSpeed, 1)} MB/s`,
      met: backupSpeed >= leastMegabytesPerSecond,
    },
    {
      asked: `peak memory under ${mostMegabytes} MB`,
      measured: `${printNumber(peakMegabytes)} MB`,
      met: peakMegabytes < mostMegabytes,
    },
  ],
});
