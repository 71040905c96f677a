// Telling the ledger what waits in the outbox of MongoDB: what a relay does after the ledger was away.
import process from 'node:process';
import { removeDatabases, serversFor } from './data/servers.ts';
import { runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { printMillis, printNumber } from './kit/table.ts';
import type { RelayFound, RelaySettings } from './subjects/relay-on-servers.ts';

const leads = 5_000;
const leastPerSecond = 4_000;

const servers = serversFor('lms_bench_relay', process.env);
try {
  const { found, peakMegabytes } = runApart<RelaySettings, RelayFound>('relay-on-servers', { leads, servers });
  const perSecond = (found.events * 1000) / found.millis;
  tell({
    name: 'relay',
    about:
      `${printNumber(found.events)} events of ${printNumber(leads)} leads of the personal-loan example line, made and changed once ` +
      'while the ledger was away, told by one relay: facts, stays, field index, moves and trail in MySQL, the events out of MongoDB.',
    table: {
      headings: ['', 'events/s', 'CPU ms an event', 'peak MB'],
      rows: [
        ['lms.tick', printNumber(perSecond), printMillis(found.cpuMillis / found.events), printNumber(peakMegabytes)],
      ],
    },
    targets: [
      {
        asked: `at least ${printNumber(leastPerSecond)} events/s on two cores with both servers there`,
        measured: `${printNumber(perSecond)} events/s`,
        met: perSecond >= leastPerSecond,
      },
    ],
  });
} finally {
  await removeDatabases(servers);
}
