import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Instant, LmsError } from '../kernel/index.js';
import type { MasterKeys } from '../privacy/index.js';
import { DestroyedKeys } from './destroyed-keys.js';
import { listEnding, listOf } from './destroyed-list-format.js';
import { damaged, readDestroyedList, timeOfDamaged } from './destroyed-list-reader.js';
import type { RestoreRequest } from './restore-request.js';

export interface ListedStore {
  readonly lineage: string;
  /** When the backup was made. */
  readonly createdAt: Instant;
  readonly masterKeys: MasterKeys;
}

/** What was erased since a backup, as far as anybody wrote it down. */
export interface HeededLists {
  readonly keys: DestroyedKeys;
  readonly lists: readonly string[];
  /** Called as lists are, and passed over: damaged, not to be read, or of another kind. */
  readonly unreadable: readonly string[];
  /** When the newest of the lists was written; null without one. */
  readonly until: Instant | null;
}

/** A list that cannot be heeded. */
interface BadList {
  readonly file: string;
  readonly error: LmsError;
  /** When it was written, in milliseconds since 1970; null for what is no list. */
  readonly at: number | null;
}

/**
 * Every list of the store that is named or lies in the folder of the backup. One bad list does not stand in the way: as a later list
 * has what an earlier one has, it is passed over where a whole one as new as itself and as the backup was read. What a damaged list says of
 * itself is not believed, so that of another store is one of this store's as long as it is damaged.
 * @throws LmsError `BACKUP_KEYS_UNLISTED`, `BACKUP_KEYS_DAMAGED` for a list that was named, that is newer than every whole one, or that was the
 * only one; none of them where it is said that a restore goes without
 */
export async function heededLists(
  { file, destroyedKeys = [], withoutDestroyedKeys = false }: RestoreRequest,
  { lineage, createdAt, masterKeys }: ListedStore,
): Promise<HeededLists> {
  const named = new Set(destroyedKeys);
  const keys = new DestroyedKeys();
  const lists: string[] = [];
  const bad: BadList[] = [];
  let until: Instant | null = null;
  for (const list of new Set([...destroyedKeys, ...(await listsBeside(file))])) {
    try {
      const read = await readDestroyedList(list, { lineage, masterKeys });
      if (read === null) {
        if (named.has(list)) throw damaged(list, 'it is the list of another store');
        continue;
      }
      for (const key of read.keys) keys.add(key);
      lists.push(list);
      if (until === null || read.writtenAt > until) until = read.writtenAt;
    } catch (error) {
      if (!isDamage(error) || (named.has(list) && !withoutDestroyedKeys)) throw error;
      bad.push({ file: list, error, at: await timeOfDamaged(list) });
    }
  }
  if (!withoutDestroyedKeys) {
    const missing = bad.find(({ at }) => at !== null && (until === null || at > Date.parse(until)));
    if (missing !== undefined) throw missing.error;
    if (until === null || until < createdAt) throw unlisted(file);
  }
  return { keys, lists, until, unreadable: bad.map((each) => each.file).sort() };
}

function unlisted(file: string): LmsError {
  return new LmsError('BACKUP_KEYS_UNLISTED', {
    message: `no list of destroyed keys as new as ${file} lies beside it: keep it there, name one, or say that what was erased since may come back`,
    path: file,
  });
}

/** Lists in the folder of a backup, its own first, and what else is called so. */
async function listsBeside(backup: string): Promise<readonly string[]> {
  const folder = dirname(backup);
  const names = await readdir(folder).catch(() => []);
  const own = basename(listOf(backup));
  return names
    .filter((name) => name.endsWith(listEnding) && !name.startsWith('.'))
    .sort((a, b) => Number(b === own) - Number(a === own))
    .map((name) => join(folder, name));
}

function isDamage(error: unknown): error is LmsError {
  return LmsError.isInstance(error) && error.code === 'BACKUP_KEYS_DAMAGED';
}
