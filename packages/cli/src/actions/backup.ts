import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { BackupProgress, BackupRequest, BackupResult, KeepBackups } from '@lms/core';
import { businessTime, durationMillis, hasCode, LmsError, systemClock, toInstant } from '@lms/core/kernel';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { hintFor } from '../hints.js';
import { type Output, printable } from '../output/index.js';
import { sizeText } from '../output/size.js';
import type { Session } from '../session.js';
import { keepHeapSmall } from '../small-heap.js';
import { type BackupRounds, backUpEvery } from './backup-every.js';

const leastEveryMillis = 60_000;

export interface BackupCommandOptions {
  readonly folder?: string;
  readonly keepDaily?: number;
  readonly keepWeekly?: number;
  readonly keepMonthly?: number;
  readonly replace?: true;
  /** A span of time such as `24h`. */
  readonly every?: string;
}

/** Makes a backup, or with `--every` one after the other until it is stopped, and tells where it is and what went. */
export async function makeBackup(
  session: Session,
  file: string | undefined,
  options: BackupCommandOptions,
): Promise<ExitCode> {
  const request = requestOf(file, options);
  const everyMillis = options.every === undefined ? null : spanOf(options.every);
  keepHeapSmall();
  if (everyMillis === null) await backUp(session, request);
  else await backUpEvery(roundsOf(session, request, everyMillis));
  return exitCodes.ok;
}

async function backUp({ me, output, signal }: Session, request: BackupRequest): Promise<void> {
  const onProgress = (progress: BackupProgress): void => output.progress.show(progressText(progress));
  const result = await me.backups.create(request, { signal, onProgress }).catch((error: unknown) => {
    output.progress.clear();
    if (hasCode(error, 'COMMAND_ABORTED')) output.say('Stopped; no backup was made.');
    throw error;
  });
  output.progress.clear();
  output.answer(result, () => summaryOf(result));
  warnOfLeft(output, result);
}

function roundsOf(session: Session, request: BackupRequest, everyMillis: number): BackupRounds {
  const { lms, output, signal, format, timeZone } = session;
  const told = (at: number): string => format.time(toInstant(at));
  return {
    everyMillis,
    time: businessTime(timeZone),
    signal,
    now: () => systemClock.now(),
    wait: (millis) => setTimeout(millis, undefined, { signal }).catch(() => undefined),
    async lastAt() {
      const { last } = (await lms.health()).backups;
      return last === null ? null : Date.parse(last.createdAt);
    },
    make: () => backUp(session, request),
    tellNext: (at) => output.say(`The next backup is due at ${told(at)}.`),
    tellFailed(error, nextTryAt) {
      const hint = hintFor(error);
      const next = hint === null ? '' : `\n  next: ${printable(hint)}`;
      output.warn(`warning: no backup was made: ${printable(error.message)}; tried again at ${told(nextTryAt)}${next}`);
    },
  };
}

/** What in the folder counts for nothing, or should have gone. */
function warnOfLeft(output: Output, { notRemoved, unreadable, newer }: BackupResult): void {
  for (const each of notRemoved) output.warn(`warning: ${printable(each)} could not be removed; remove it by hand`);
  for (const each of unreadable)
    output.warn(`warning: ${printable(each)} is no backup, damaged or not to be read; it was left`);
  for (const each of newer) output.warn(`warning: ${printable(each)} is of a newer release of lms; it was left`);
}

function requestOf(file: string | undefined, options: BackupCommandOptions): BackupRequest {
  const { folder, replace, every } = options;
  const keep = keepOf(options);
  if (every !== undefined && folder === undefined) throw usage('--every goes with --folder', '--every');
  if (file !== undefined && folder === undefined) {
    if (keep !== null) throw usage('--keep-daily, --keep-weekly and --keep-monthly go with --folder', '--folder');
    return { file: resolve(file), ...(replace === true ? { replace: true } : {}) };
  }
  if (folder === undefined || file !== undefined) throw usage('Name a file or --folder, one of the two', 'file');
  if (replace === true)
    throw usage('--replace goes with a file; in a folder every backup has its own name', '--replace');
  return { folder: resolve(folder), ...(keep === null ? {} : { keep }) };
}

function spanOf(text: string): number {
  const millis = durationMillis(text);
  if (millis !== null && millis >= leastEveryMillis) return millis;
  throw usage(`--every is a span of time such as 15m, 6h or 7d, of a minute or more, not ${text}`, '--every');
}

function keepOf({ keepDaily, keepWeekly, keepMonthly }: BackupCommandOptions): KeepBackups | null {
  const keep = {
    ...(keepDaily === undefined ? {} : { daily: keepDaily }),
    ...(keepWeekly === undefined ? {} : { weekly: keepWeekly }),
    ...(keepMonthly === undefined ? {} : { monthly: keepMonthly }),
  };
  return Object.keys(keep).length === 0 ? null : keep;
}

function usage(message: string, path: string): LmsError {
  return new LmsError('USAGE_INVALID', { message, path });
}

function progressText({ rows, dataBytes }: BackupProgress): string {
  return `${rows} rows, ${sizeText(dataBytes)}`;
}

function summaryOf({
  rows,
  dataBytes,
  file,
  bytes,
  sha256,
  destroyedKeysFile,
  pruned,
  leftovers,
}: BackupResult): string {
  const lines = [
    `Backed up ${rows} rows (${sizeText(dataBytes)}) to ${printable(file)} (${sizeText(bytes)}, sha256 ${sha256.slice(0, 12)}...)`,
    `Keep ${printable(destroyedKeysFile)} beside it, and the master key apart from both.`,
    ...pruned.map((each) => `Removed ${printable(each)}`),
    ...leftovers.map((each) => `Removed ${printable(each)}, which a killed backup left`),
  ];
  return lines.join('\n');
}
