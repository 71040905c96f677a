import { resolve } from 'node:path';
import type { BackupProgress, BackupRequest, BackupResult, KeepBackups } from '@lms/core';
import { hasCode, LmsError } from '@lms/core/kernel';
import { printable } from '../output/index.js';
import { sizeText } from '../output/size.js';
import type { Session } from '../session.js';
import { keepHeapSmall } from '../small-heap.js';

export interface BackupCommandOptions {
  readonly folder?: string;
  readonly keepDaily?: number;
  readonly keepWeekly?: number;
  readonly keepMonthly?: number;
  readonly replace?: true;
}

/** Makes a backup, and tells where it is and what went. */
export async function makeBackup(
  { me, output, signal }: Session,
  file: string | undefined,
  options: BackupCommandOptions,
): Promise<void> {
  const request = requestOf(file, options);
  keepHeapSmall();
  const onProgress = (progress: BackupProgress): void => output.progress.show(progressText(progress));
  const result = await me.backups.create(request, { signal, onProgress }).catch((error: unknown) => {
    output.progress.clear();
    if (hasCode(error, 'COMMAND_ABORTED')) output.say('Stopped; no backup was made.');
    throw error;
  });
  output.progress.clear();
  output.answer(result, () => summaryOf(result));
  for (const each of result.unreadable)
    output.warn(`warning: ${printable(each)} is no backup, or damaged; it was left`);
}

function requestOf(file: string | undefined, options: BackupCommandOptions): BackupRequest {
  const { folder, replace } = options;
  const keep = keepOf(options);
  if (file !== undefined && folder === undefined) {
    if (keep !== null) throw usage('--keep-daily, --keep-weekly and --keep-monthly go with --folder', '--folder');
    return { file: resolve(file), ...(replace === true ? { replace: true } : {}) };
  }
  if (folder === undefined || file !== undefined) throw usage('Name a file or --folder, one of the two', 'file');
  if (replace === true)
    throw usage('--replace goes with a file; in a folder every backup has its own name', '--replace');
  return { folder: resolve(folder), ...(keep === null ? {} : { keep }) };
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

function summaryOf({ rows, dataBytes, file, bytes, sha256, destroyedKeysFile, pruned }: BackupResult): string {
  const lines = [
    `Backed up ${rows} rows (${sizeText(dataBytes)}) to ${printable(file)} (${sizeText(bytes)}, sha256 ${sha256.slice(0, 12)}...)`,
    `Keep ${printable(destroyedKeysFile)} beside it, and the master key apart from both.`,
    ...pruned.map((each) => `Removed ${printable(each)}`),
  ];
  return lines.join('\n');
}
