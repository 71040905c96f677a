import type { Apart } from '../kit/apart.ts';
import type { Report, Target } from '../kit/report.ts';
import { printMillis, printNumber, printRatio } from '../kit/table.ts';
import type { BackupFound } from '../subjects/backup-with-sdk.ts';
import type { ReadFound, Reading } from '../subjects/read-side-by-side.ts';
import type { RestoreFound } from '../subjects/restore-with-sdk.ts';
import { cardsPerColumn, wantedPage } from './big-store-answers.ts';
import { serverSettings } from './million-servers.ts';
import { backupTarget, movedRow, movingHeadings, movingMemoryTarget } from './moving.ts';
import type { StorePlace } from './store-place.ts';

export interface MillionFound {
  /** Out of the embedded store. */
  readonly backedUp: Apart<BackupFound>;
  readonly restored: Apart<RestoreFound>;
  /** Out of the store that was restored; null where the first was of the same shape. */
  readonly backedUpAgain: Apart<BackupFound> | null;
  readonly read: ReadFound;
}

type Shape = StorePlace['shape'];

const mostMillis = 50;
const mostTimes = 2;

const names: Readonly<Record<Shape, string>> = { sqlite: 'embedded', mysql: 'mysql', hybrid: 'hybrid' };
const shapeNames: Readonly<Record<Shape, string>> = {
  sqlite: 'an embedded store',
  mysql: 'MySQL alone',
  hybrid: 'MongoDB and MySQL',
};

/** How the leads came there, and how they leave again. */
export function movingReport(shape: Shape, leads: number, { backedUp, restored, backedUpAgain }: MillionFound): Report {
  const { rows, dataBytes } = backedUp.found;
  const there = shapeNames[shape];
  const backups = [
    { what: 'backup of the embedded store', made: backedUp },
    ...(backedUpAgain === null ? [] : [{ what: `backup of ${there}`, made: backedUpAgain }]),
  ];
  const { elapsed } = restored.found;
  const restoring = `restore into ${there}`;
  return {
    name: `million-${names[shape]}, moved`,
    about:
      `${printNumber(leads)} leads (${printNumber(rows)} rows) made on an embedded store and restored into ${there}, each in a process of ` +
      `its own with the heap that the command sets. MB are those of the rows.${settingsOf(shape)}`,
    table: {
      headings: movingHeadings,
      rows: [
        ...backups.map(({ what, made: { found, peakMegabytes } }) =>
          movedRow({ what, ...found, writtenBytes: found.bytes, peakMegabytes }),
        ),
        movedRow({ what: restoring, dataBytes, writtenBytes: null, elapsed, peakMegabytes: restored.peakMegabytes }),
      ],
    },
    targets: [
      ...backups.map(({ what, made: { found } }) => backupTarget(what, found.dataBytes, found.elapsed)),
      ...backups.map(({ what, made: { peakMegabytes } }) => movingMemoryTarget(what, peakMegabytes)),
      movingMemoryTarget(restoring, restored.peakMegabytes),
    ],
  };
}

/** What was read there, beside the queries that somebody wrote for it. */
export function readingReport(shape: Shape, leads: number, { readings }: ReadFound): Report {
  return {
    name: `million-${names[shape]}`,
    about:
      `${printNumber(leads)} leads on ${shapeNames[shape]}, half of them with an owner, read by one caller: a lead by its id, the newest ` +
      `${wantedPage.limit} and the pages behind them, the same of one stage and one city by amount, and the board with ${cardsPerColumn} cards a ` +
      'column. The query by hand asks the same tables along the index that suits it, with the driver alone: it reads the same documents ' +
      'and keys and finds the same leads (each round is compared), but opens nothing, checks no right and knows of no collaborators. ' +
      `"In the store" is the part of the median in which the SDK waits for its storage; opening sealed values is most of the rest.${settingsOf(shape)}`,
    table: {
      headings: [
        '',
        'p50 ms',
        'in the store',
        'p99 ms',
        'CPU ms',
        'by hand p50',
        'by hand p99',
        'to by hand',
        'the store to it',
      ],
      rows: readings.map((reading) => [
        nameOf(reading),
        printMillis(reading.ours.p50Millis),
        printMillis(reading.inStoreMillis),
        printMillis(reading.ours.p99Millis),
        printMillis(reading.ours.cpuMillis),
        printMillis(reading.byHand.p50Millis),
        printMillis(reading.byHand.p99Millis),
        printRatio(timesByHand(reading)),
        printRatio(reading.inStoreMillis / reading.byHand.p50Millis),
      ]),
    },
    targets: [...slowestOfEach(readings), ...farthestOfEach(readings)],
  };
}

function slowestOfEach(readings: readonly Reading[]): readonly Target[] {
  return worstOfEach(readings, ({ ours }) => ours.p99Millis).map((worst) => ({
    asked: `${worst.what}: p99 under ${mostMillis} ms, whoever asks`,
    measured: `at most ${printMillis(worst.ours.p99Millis)} ms, ${worst.who}`,
    met: worst.ours.p99Millis < mostMillis,
  }));
}

function farthestOfEach(readings: readonly Reading[]): readonly Target[] {
  return worstOfEach(readings, timesByHand).map((worst) => ({
    asked: `${worst.what}: p50 at most ${mostTimes} times that of the query by hand, whoever asks`,
    measured: `at most ${printRatio(timesByHand(worst))}, of which in the store ${printRatio(worst.inStoreMillis / worst.byHand.p50Millis)}, ${worst.who}`,
    met: timesByHand(worst) <= mostTimes,
  }));
}

/** Of all who ask for the same the one for whom the figure is highest. */
function worstOfEach(readings: readonly Reading[], figure: (reading: Reading) => number): readonly Reading[] {
  const worst = new Map<string, Reading>();
  for (const reading of readings) {
    const known = worst.get(reading.what);
    if (known === undefined || figure(reading) > figure(known)) worst.set(reading.what, reading);
  }
  return [...worst.values()];
}

function timesByHand({ ours, byHand }: Reading): number {
  return ours.p50Millis / byHand.p50Millis;
}

function nameOf({ what, who }: Reading): string {
  return `${what}, ${who}`;
}

function settingsOf(shape: Shape): string {
  return shape === 'sqlite' ? '' : ` The servers, on this machine and its disk, have ${serverSettings}.`;
}
