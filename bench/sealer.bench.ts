// Giving the rows of the trail their places in the chain, on each shape.
import { join } from 'node:path';
import process from 'node:process';
import { removeDatabases, serversFor } from './data/servers.ts';
import { runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printMillis, printNumber } from './kit/table.ts';
import { inFreshFolder } from './kit/workplace.ts';
import type { SealFound, SealSettings } from './subjects/seal-with-sdk.ts';

const leads = rowsOr(10_000);
const leastPerSecond = 4_000;

const servers = serversFor('lms_bench_sealer', process.env);

interface Measured extends SealFound {
  readonly name: string;
  readonly perSecond: number;
  readonly peakMegabytes: number;
}

function seal(name: string, store: SealSettings['store']): Measured {
  const { found, peakMegabytes } = runApart<SealSettings, SealFound>('seal-with-sdk', { leads, store });
  return { ...found, name, perSecond: (found.rows * 1000) / found.elapsed.wallMillis, peakMegabytes };
}

try {
  const all = [
    inFreshFolder((folder) => seal('embedded', { file: join(folder, 'trail.db') })),
    seal('MySQL', { servers, shape: 'mysql' }),
    seal('MongoDB + MySQL', { servers, shape: 'hybrid' }),
  ];
  const slowest = Math.min(...all.map(({ perSecond }) => perSecond));
  tell({
    name: 'sealer',
    about:
      `The rows of the trail that making and once changing ${printNumber(leads)} leads of the personal-loan example line leaves behind, sealed by one ` +
      'sealer that has them all before it: read, hashed into the chain, given their positions, with the signed head, 500 a commit. The peer is the bar alone: nothing else keeps such a chain.',
    table: {
      headings: ['', 'rows', 'rows/s', 'CPU ms a row', 'peak MB'],
      rows: all.map(({ name, rows, perSecond, elapsed, peakMegabytes }) => [
        name,
        printNumber(rows),
        printNumber(perSecond),
        printMillis(elapsed.cpuMillis / rows),
        printNumber(peakMegabytes),
      ]),
    },
    targets: [
      {
        asked: `keeps up with ${printNumber(leastPerSecond)} effects/s on every shape`,
        measured: `${printNumber(slowest)} rows/s on the slowest`,
        met: slowest >= leastPerSecond,
      },
    ],
  });
} finally {
  await removeDatabases(servers);
}
