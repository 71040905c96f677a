import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BusinessTime, hasCode } from '../kernel/index.js';
import { givenName, timeOfName } from './backup-name.js';
import { BackupReader } from './backup-reader.js';
import { listOf } from './destroyed-list-format.js';
import { headOfList } from './destroyed-list-reader.js';
import { backupsToPrune, type DatedBackup, type KeepBackups, sharesSpan } from './retention.js';
import { readBackupInfo } from './verify-backup.js';

export interface PrunedFolder {
  /** Files that were removed. */
  readonly pruned: readonly string[];
  /** Backups and lists that the file system did not let go of: a copy that nobody may change, another's file. */
  readonly notRemoved: readonly string[];
  /** Files called as these backups are that are none, or damaged, or cannot be read: nothing is done to them. The folder, where that cannot. */
  readonly unreadable: readonly string[];
  /** Backups of newer releases, which this one cannot read: nothing is done to them either. */
  readonly newer: readonly string[];
}

/** What a folder is pruned for: the backup just made, and what is kept beside it. */
export interface Pruning {
  readonly made: DatedBackup;
  readonly lineage: string;
  readonly keep: KeepBackups;
  readonly time: BusinessTime;
}

/**
 * Removes the backups of one store that nothing keeps, each with its list of destroyed keys, unless an older backup is left that the list
 * may be needed for. The one just made stays, others' files
 * stay, and so do backups that somebody named and files that cannot be read. One goes only when those that are kept of its day, week
 * and month are as they were written: they are read through, and a damaged one stands for nothing. What the file system refuses is told and
 * throws nothing: the backup just made is there.
 */
export async function pruneFolder(folder: string, { made, lineage, keep, time }: Pruning): Promise<PrunedFolder> {
  const names = await namesIn(folder);
  if (names === null) return { pruned: [], notRemoved: [], unreadable: [folder], newer: [] };
  const found: DatedBackup[] = [];
  const unreadable: string[] = [];
  const newer: string[] = [];
  for (const name of names.filter((each) => givenName.test(each))) {
    const file = join(folder, name);
    if (name === basename(made.file)) continue;
    const header = await lineageAndTime(file);
    if (header === 'damaged') unreadable.push(file);
    else if (header === 'newer') newer.push(file);
    else if (header.lineage === lineage) found.push({ file, createdAt: header.createdAt });
  }
  const checked = new Set<DatedBackup>([made]);
  let others: readonly DatedBackup[] = found;
  for (;;) {
    const going = backupsToPrune({ made, others }, keep, time);
    const standing = others.filter(
      (each) =>
        !going.includes(each) && !checked.has(each) && going.some((other) => sharesSpan(each, other, keep, time)),
    );
    if (standing.length === 0) {
      const gone = new Set<DatedBackup>();
      for (const each of going) if (await isRemoved(each.file)) gone.add(each);
      const left = [made, ...others.filter((each) => !gone.has(each))];
      const notRemoved = [
        ...going.filter((each) => !gone.has(each)).map(({ file }) => file),
        ...(await removeLists(folder, { lineage, left })),
      ];
      const pruned = [...gone].map(({ file }) => file);
      return { pruned, notRemoved: notRemoved.sort(), unreadable: unreadable.sort(), newer: newer.sort() };
    }
    const damaged = new Set<DatedBackup>();
    for (const each of standing) {
      checked.add(each);
      if (!(await isWhole(each.file))) damaged.add(each);
    }
    for (const { file } of damaged) unreadable.push(file);
    others = others.filter((each) => !damaged.has(each));
  }
}

/** Removes the lists of backups that are gone, once no older backup is left. @returns those that could not be removed */
async function removeLists(
  folder: string,
  { lineage, left }: { readonly lineage: string; readonly left: readonly DatedBackup[] },
): Promise<readonly string[]> {
  const names = new Set(await namesIn(folder));
  const oldest = Math.min(...left.map(({ createdAt }) => createdAt));
  const notRemoved: string[] = [];
  for (const name of names) {
    const backup = basename(name, listOf(''));
    const at = backup === name ? null : timeOfName(backup);
    if (at === null || at > oldest || names.has(backup)) continue;
    const list = join(folder, name);
    // Others may prune the folder at the same time.
    const head = await headOfList(list).catch(() => null);
    if (head?.lineage === lineage && !(await isRemoved(list))) notRemoved.push(list);
  }
  return notRemoved;
}

/** null for a folder into which one may write, and not look. */
function namesIn(folder: string): Promise<readonly string[] | null> {
  return readdir(folder).catch(() => null);
}

/** Also of a file that another process removed. */
function isRemoved(file: string): Promise<boolean> {
  return rm(file, { force: true }).then(
    () => true,
    () => false,
  );
}

async function isWhole(file: string): Promise<boolean> {
  const info = await readBackupInfo(file).catch(() => null);
  return info !== null && info.sha256 !== null;
}

/** What is needed of a backup, or why it cannot be had. */
async function lineageAndTime(
  file: string,
): Promise<{ readonly lineage: string; readonly createdAt: number } | 'damaged' | 'newer'> {
  try {
    const reader = await BackupReader.open(file);
    const { lineage, createdAt } = reader.header;
    await reader.close();
    return { lineage, createdAt: Date.parse(createdAt) };
  } catch (error) {
    return hasCode(error, 'BACKUP_TOO_NEW') ? 'newer' : 'damaged';
  }
}
