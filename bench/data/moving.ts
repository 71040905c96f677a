import { type Apart, runApart } from '../kit/apart.ts';
import type { Target } from '../kit/report.ts';
import { printNumber } from '../kit/table.ts';
import type { Elapsed } from '../kit/timing.ts';
import type { BackupFound, BackupSettings } from '../subjects/backup-with-sdk.ts';
import type { RestoreFound, RestoreSettings } from '../subjects/restore-with-sdk.ts';

const leastMegabytesPerSecond = 30;
const mostMegabytes = 256;

/** Backs up as `lms backup` does: in a process of its own, with the heap that the command sets. */
export function backUp(settings: BackupSettings): Apart<BackupFound> {
  return runApart('backup-with-sdk', settings, 'small');
}

/** Restores as `lms restore` does. */
export function restore(settings: RestoreSettings): Apart<RestoreFound> {
  return runApart('restore-with-sdk', settings, 'small');
}

export const movingHeadings: readonly string[] = ['', 'MB', 'MB written', 's', 'CPU s', 'MB/s', 'peak MB'];

/** One line of the table: what was moved, and how fast. */
export interface Moved {
  readonly what: string;
  /** Of the rows, before compression. */
  readonly dataBytes: number;
  /** null where it is not known what an engine wrote. */
  readonly writtenBytes: number | null;
  readonly elapsed: Elapsed;
  readonly peakMegabytes: number;
}

export function movedRow({ what, dataBytes, writtenBytes, elapsed, peakMegabytes }: Moved): readonly string[] {
  return [
    what,
    printNumber(dataBytes / 1e6),
    writtenBytes === null ? '' : printNumber(writtenBytes / 1e6),
    printNumber(elapsed.wallMillis / 1000, 1),
    printNumber(elapsed.cpuMillis / 1000, 1),
    printNumber(megabytesPerSecond(dataBytes, elapsed), 1),
    printNumber(peakMegabytes),
  ];
}

export function backupTarget(what: string, dataBytes: number, elapsed: Elapsed): Target {
  const speed = megabytesPerSecond(dataBytes, elapsed);
  return {
    asked: `${what} at ${leastMegabytesPerSecond} MB/s or more`,
    measured: `${printNumber(speed, 1)} MB/s`,
    met: speed >= leastMegabytesPerSecond,
  };
}

export function movingMemoryTarget(what: string, peakMegabytes: number): Target {
  return {
    asked: `${what}: peak memory under ${mostMegabytes} MB`,
    measured: `${printNumber(peakMegabytes)} MB`,
    met: peakMegabytes < mostMegabytes,
  };
}

function megabytesPerSecond(bytes: number, { wallMillis }: Elapsed): number {
  return bytes / 1e3 / wallMillis;
}
