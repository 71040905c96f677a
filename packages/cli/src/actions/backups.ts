import { resolve } from 'node:path';
import { type BackupInfo, readBackupInfo } from '@lms/core';
import { durationText, systemClock } from '@lms/core/kernel';
import type { Console } from '../console.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { openLms } from '../open-lms.js';
import { printable } from '../output/index.js';
import { sizeText } from '../output/size.js';

/** What a backup says of itself; exits as a refused input when its checksum is wrong. */
export async function showBackup({ output, signal }: Console, file: string): Promise<ExitCode> {
  const info = await readBackupInfo(resolve(file), { signal });
  output.answer(info, () => infoText(info));
  return info.sha256 === null ? exitCodes.refused : exitCodes.ok;
}

/** Opens every chunk, with the key and without the store. */
export async function verifyBackupFile(console: Console, file: string): Promise<void> {
  const { output, signal } = console;
  const { lms } = await openLms(console);
  await using _closing = lms;
  const onProgress = ({ rows }: { readonly rows: number }): void => output.progress.show(`${rows} rows`);
  const verified = await lms.verifyBackup(resolve(file), { signal, onProgress });
  output.progress.clear();
  output.answer(verified, () => {
    const tables = Object.entries(verified.tables).map(([table, rows]) => `  ${table}: ${rows}`);
    return [`${printable(file)} is whole: ${verified.rows} rows`, ...tables].join('\n');
  });
}

function ageText(createdAt: string): string {
  const age = systemClock.now() - Date.parse(createdAt);
  return age < 0 ? 'by a clock that is ahead of this one' : `${durationText(age)} old`;
}

function infoText({ backupId, createdAt, shape, schemaVersion, keyId, lineage, bytes, sha256 }: BackupInfo): string {
  return [
    `made: ${createdAt} (${backupId}), ${ageText(createdAt)}`,
    `of: a store of kind ${printable(shape)}, layout ${schemaVersion}, lineage ${printable(lineage)}`,
    `key: ${printable(keyId)}`,
    `size: ${sizeText(bytes)}`,
    `checksum: ${sha256 === null ? 'WRONG; use another backup' : `sha256 ${sha256}`}`,
  ].join('\n');
}
