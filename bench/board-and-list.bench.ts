// The board and a filtered page of the list among 100,000 leads, against plain queries over the stored documents.
import { bigStore } from './data/big-store.ts';
import { type Answer, askers, plainRounds, type ReadSettings, rounds, wantedPage } from './data/big-store-answers.ts';
import { runApart } from './kit/apart.ts';
import { type Target, tell } from './kit/report.ts';
import { printMillis, printNumber, printRatio } from './kit/table.ts';
import type { Timing } from './kit/timing.ts';

const leads = 100_000;
const mostMillis = 20;

const store = bigStore(leads);
const { createSeconds, moveSeconds } = store.made;
console.log(
  `${printNumber(leads)} leads ${store.fresh ? 'made' : 'kept from an earlier run of the same code; they were made'} in ` +
    `${printNumber(createSeconds)} s by createMany; 40 % of them moved in ${printNumber(moveSeconds)} s by moveMany.\n`,
);
const bySdk = runApart<ReadSettings, readonly Answer[]>('read-with-sdk', { file: store.file });
const byQueries = runApart<ReadSettings, readonly Answer[]>('read-with-json-queries', { file: store.file });

interface Reading {
  readonly what: string;
  readonly sdk: Timing;
  readonly peer: Timing;
}

const readings = askers.flatMap(({ who }, at): readonly Reading[] => {
  const sdk = bySdk.found[at];
  const peer = byQueries.found[at];
  if (sdk === undefined || peer === undefined) throw new Error(`there is no answer for ${who}`);
  requireSame(`board of the ${who}`, sdk.columns, peer.columns);
  requireSame(`page of the ${who}`, sdk.numbers, peer.numbers);
  return [
    { what: `board, ${who}`, sdk: sdk.board, peer: peer.board },
    { what: `filtered page, ${who}`, sdk: sdk.page, peer: peer.page },
  ];
});

tell({
  name: 'board-and-list',
  about:
    `${printNumber(leads)} leads on an embedded store, made by createMany (${printNumber(createSeconds)} s), 40 % moved to another ` +
    `stage. The board has 20 opened cards a column; the page has ${wantedPage.limit} opened leads of one stage and one city, by ` +
    `amount; median and p99 of ${rounds.counted}. The peer asks the stored documents with \`json_extract\`, without a read model, ` +
    `and opens nothing (median of ${plainRounds.counted}); both give the same counts, sums and leads.`,
  table: {
    headings: ['', 'median ms', 'p99 ms', 'CPU ms', 'peer median ms', 'times as fast', 'peak MB', 'peer peak MB'],
    rows: readings.map(({ what, sdk, peer }) => [
      what,
      printMillis(sdk.p50Millis),
      printMillis(sdk.p99Millis),
      printMillis(sdk.cpuMillis),
      printMillis(peer.p50Millis),
      printRatio(peer.p50Millis / sdk.p50Millis),
      printNumber(bySdk.peakMegabytes),
      printNumber(byQueries.peakMegabytes),
    ]),
  },
  targets: readings.map(targetOf),
});

function targetOf({ what, sdk }: Reading): Target {
  return {
    asked: `${what}: median under ${mostMillis} ms`,
    measured: `${printMillis(sdk.p50Millis)} ms`,
    met: sdk.p50Millis < mostMillis,
  };
}

/** A fast answer that is another answer counts for nothing. */
function requireSame(what: string, found: readonly string[], expected: readonly string[]): void {
  if (found.join('\n') === expected.join('\n')) return;
  throw new Error(`${what}: the SDK found\n${found.join('\n')}\nand the plain query\n${expected.join('\n')}`);
}
