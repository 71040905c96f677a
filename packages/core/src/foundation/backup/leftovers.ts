import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { givenName } from './backup-name.js';

/** `.NAME.ID.partial` and `.NAME.destroyed.ID.partial`: a backup and its list before they have their names. */
const unfinished = /^\.(.+?)(?:\.destroyed)?\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.partial$/;
const dayMillis = 24 * 3_600_000;

/**
 * Removes what backups that were killed left unfinished in a folder: of the name that is written now, and of names that backups are
 * given in folders. One to which nobody wrote for a day is nobody's.
 * @param partial the unfinished file of now, just made: its time tells what the file system takes for now
 * @returns what was removed
 */
export async function removeLeftovers(file: string, partial: string): Promise<readonly string[]> {
  const folder = dirname(file);
  const names = await readdir(folder).catch(() => []);
  const now = (await stat(partial)).mtimeMs;
  const removed: string[] = [];
  for (const name of names) {
    const of = unfinished.exec(name)?.[1];
    if (of === undefined || (of !== basename(file) && !givenName.test(of))) continue;
    const left = join(folder, name);
    // Others may look through the folder at the same time.
    const written = await stat(left).catch(() => null);
    if (written === null || now - written.mtimeMs < dayMillis) continue;
    const isGone = await rm(left, { force: true }).then(
      () => true,
      () => false,
    );
    if (isGone) removed.push(left);
  }
  return removed.sort();
}
