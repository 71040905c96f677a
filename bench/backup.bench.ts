// A backup of an embedded store and its restore, as the commands do them, against SQLite's own copy of the file.
import { join } from 'node:path';
import { bigStore } from './data/big-store.ts';
import { backUp, backupTarget, movedRow, movingHeadings, movingMemoryTarget, restore } from './data/moving.ts';
import type { StorePlace } from './data/store-place.ts';
import { runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber } from './kit/table.ts';
import { inFreshFolder } from './kit/workplace.ts';
import type { VacuumFound, VacuumSettings } from './subjects/copy-with-vacuum.ts';

const leads = rowsOr(100_000);
const { file } = bigStore(leads);
const key = `${file}.key`;
const store: StorePlace = { shape: 'sqlite', file, key };

const { backedUp, restored, vacuum } = inFreshFolder((folder) => {
  const backup = join(folder, 'whole.lmsbackup');
  const copy: StorePlace = { shape: 'sqlite', file: join(folder, 'copy.db'), key };
  return {
    backedUp: backUp({ place: store, backup }),
    restored: restore({ place: copy, backup }),
    vacuum: runApart<VacuumSettings, VacuumFound>('copy-with-vacuum', { store: file, copy: join(folder, 'vacuum.db') }),
  };
});
const { rows, dataBytes, bytes, elapsed } = backedUp.found;

tell({
  name: 'backup',
  about:
    `An embedded store of ${printNumber(leads)} leads (${printNumber(rows)} rows) into a sealed file, and from it into a new store, ` +
    'each in a process of its own with the heap that the command sets. MB are those of the rows; `VACUUM INTO` copies the file ' +
    'with its indexes, neither compressed nor sealed, so its MB are those of the file.',
  table: {
    headings: movingHeadings,
    rows: [
      movedRow({ what: 'backup', dataBytes, writtenBytes: bytes, elapsed, peakMegabytes: backedUp.peakMegabytes }),
      movedRow({
        what: 'restore',
        dataBytes,
        writtenBytes: vacuum.found.bytes,
        elapsed: restored.found.elapsed,
        peakMegabytes: restored.peakMegabytes,
      }),
      movedRow({
        what: 'VACUUM INTO',
        dataBytes: vacuum.found.bytes,
        writtenBytes: vacuum.found.bytes,
        elapsed: vacuum.found.copied,
        peakMegabytes: vacuum.peakMegabytes,
      }),
    ],
  },
  targets: [
    backupTarget('a backup', dataBytes, elapsed),
    movingMemoryTarget('backup', backedUp.peakMegabytes),
    movingMemoryTarget('restore', restored.peakMegabytes),
  ],
});
