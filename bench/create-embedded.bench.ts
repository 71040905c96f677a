// Creating leads through the SDK on an embedded store, against the same rows written by prepared statements.
import { join } from 'node:path';
import { type Apart, runApart } from './kit/apart.ts';
import type { Load } from './kit/callers.ts';
import { tell } from './kit/report.ts';
import { printMillis, printNumber, printRatio } from './kit/table.ts';
import type { Timing } from './kit/timing.ts';
import { inFreshFolder } from './kit/workplace.ts';
import type { EmbeddedSettings } from './subjects/create-with-sdk.ts';
import type { BareSettings } from './subjects/create-with-sqlite-alone.ts';

const many: Load = { callers: 32, warmUp: 1000, count: 6000 };
const one: Load = { callers: 1, warmUp: 500, count: 2000 };
const leastPerSecond = 2000;
const mostMillis = 30;

inFreshFolder((folder) => {
  const bySdk = (load: Load): Apart<Timing> =>
    runApart<EmbeddedSettings, Timing>('create-with-sdk', { load, file: fileFor(load) });
  const fileFor = ({ callers }: Load): string => join(folder, `${callers}.db`);
  const together = bySdk(many);
  const alone = bySdk(one);
  const bare = runApart<BareSettings, Timing>('create-with-sqlite-alone', {
    source: fileFor(many),
    file: join(folder, 'bare.db'),
    warmUp: many.warmUp,
  });
  const row = (name: string, { found, peakMegabytes }: Apart<Timing>): readonly string[] => [
    name,
    printNumber(found.perSecond),
    printMillis(found.p50Millis),
    printMillis(found.p99Millis),
    printMillis(found.cpuMillis),
    printRatio(found.perSecond / bare.found.perSecond),
    printNumber(peakMegabytes),
  ];
  const { perSecond, p99Millis } = together.found;
  tell({
    name: 'create-embedded',
    about:
      `${printNumber(many.count)} leads of the personal-loan example line (24 fields) on a fresh embedded store. The peer ` +
      'writes the same rows into the same tables by prepared statements on bare `node:sqlite`, one commit a lead: it ' +
      'checks nothing, seals nothing and draws no ids.',
    table: {
      headings: ['', 'leads/s', 'p50 ms', 'p99 ms', 'CPU ms a lead', 'ratio to peer', 'peak MB'],
      rows: [
        row('leads.create, 32 callers', together),
        row('leads.create, 1 caller', alone),
        row('peer: bare node:sqlite, 1 caller', bare),
      ],
    },
    targets: [
      {
        asked: `32 callers: at least ${printNumber(leastPerSecond)} leads/s`,
        measured: printNumber(perSecond),
        met: perSecond >= leastPerSecond,
      },
      {
        asked: `32 callers: p99 under ${mostMillis} ms`,
        measured: `${printMillis(p99Millis)} ms`,
        met: p99Millis < mostMillis,
      },
    ],
  });
});
