// Creating leads through the SDK on MongoDB and MySQL, against a loop that makes the same writes with the drivers alone.
import process from 'node:process';
import { removeDatabases, serversFor } from './data/servers.ts';
import { type Apart, runApart } from './kit/apart.ts';
import type { Load } from './kit/callers.ts';
import { tell } from './kit/report.ts';
import { printMillis, printNumber, printRatio } from './kit/table.ts';
import type { Timing } from './kit/timing.ts';
import type { DriversSettings } from './subjects/create-with-drivers.ts';
import type { ServersSettings } from './subjects/create-with-sdk-on-servers.ts';

const load: Load = { callers: 16, warmUp: 500, count: 3000 };
const leastRatio = 0.6;

const written = serversFor('lms_bench_sdk', process.env);
const rewritten = serversFor('lms_bench_drivers', process.env);
try {
  const bySdk = runApart<ServersSettings, Timing>('create-with-sdk-on-servers', { load, servers: written });
  const byDrivers = runApart<DriversSettings, Timing>('create-with-drivers', {
    load,
    source: written,
    servers: rewritten,
  });
  const row = (name: string, { found, peakMegabytes }: Apart<Timing>): readonly string[] => [
    name,
    printNumber(found.perSecond),
    printMillis(found.p50Millis),
    printMillis(found.p99Millis),
    printMillis(found.cpuMillis),
    printRatio(found.perSecond / byDrivers.found.perSecond),
    printNumber(peakMegabytes),
  ];
  const ratio = bySdk.found.perSecond / byDrivers.found.perSecond;
  tell({
    name: 'create-hybrid',
    about:
      `${printNumber(load.count)} leads of the personal-loan example line (24 fields) by ${load.callers} callers on MongoDB ` +
      'and MySQL on this machine. The peer writes the same documents in the same Mongo transaction (with its two reads and ' +
      'its number), then the same rows in a MySQL transaction, then takes the event out of the outbox, with `mongodb` and ' +
      '`mysql2` alone: it checks nothing, seals nothing and draws no ids.',
    table: {
      headings: ['', 'leads/s', 'p50 ms', 'p99 ms', 'CPU ms a lead', 'ratio to peer', 'peak MB'],
      rows: [row('leads.create, 16 callers', bySdk), row('peer: drivers alone, 16 callers', byDrivers)],
    },
    targets: [
      {
        asked: `at least ${printNumber(leastRatio * 100)} % of the drivers alone`,
        measured: `${printNumber(ratio * 100)} %`,
        met: ratio >= leastRatio,
      },
    ],
  });
} finally {
  await removeDatabases(written);
  await removeDatabases(rewritten);
}
