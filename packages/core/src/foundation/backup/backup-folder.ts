import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BusinessTime, type Instant, LmsError } from '../kernel/index.js';
import { BackupReader } from './backup-reader.js';
import { listOf } from './destroyed-keys.js';
import { backupsToPrune, type DatedBackup, type KeepBackups } from './retention.js';

const ending = '.lmsbackup';
/** Names that {@link nameInFolder} gives: a backup that somebody named is never removed. */
const givenName = /^lms-\d{8}T\d{9}Z-[0-9a-f]{8}\.lmsbackup$/;

/** A name that sorts by time, and that no other backup of the folder has. */
export function nameInFolder(folder: string, createdAt: Instant, id: string): string {
  const time = createdAt.replace(/[-:.]/g, '');
  return join(folder, `lms-${time}-${id.slice(-8)}${ending}`);
}

export interface PrunedFolder {
  /** Files that were removed. */
  readonly pruned: readonly string[];
  /** Files called as these backups are that are none, or damaged: nothing is done to them. */
  readonly unreadable: readonly string[];
}

/**
 * Removes the backups of one store that nothing keeps, each with its list of destroyed keys. Others' files stay, and so do
 * backups that somebody named and files that cannot be read.
 */
export async function pruneFolder(
  folder: string,
  { lineage, keep, time }: { readonly lineage: string; readonly keep: KeepBackups; readonly time: BusinessTime },
): Promise<PrunedFolder> {
  const backups: DatedBackup[] = [];
  const unreadable: string[] = [];
  for (const name of (await readdir(folder)).filter((each) => givenName.test(each))) {
    const file = join(folder, name);
    const found = await lineageAndTime(file);
    if (found === null) unreadable.push(file);
    else if (found.lineage === lineage) backups.push({ file, createdAt: found.createdAt });
  }
  const pruned = backupsToPrune(backups, keep, time).map(({ file }) => file);
  for (const file of pruned) {
    await rm(file, { force: true });
    await rm(listOf(file), { force: true });
  }
  return { pruned, unreadable };
}

async function lineageAndTime(file: string): Promise<{ readonly lineage: string; readonly createdAt: number } | null> {
  try {
    const reader = await BackupReader.open(file);
    const { lineage, createdAt } = reader.header;
    await reader.close();
    return { lineage, createdAt: Date.parse(createdAt) };
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    return null;
  }
}
