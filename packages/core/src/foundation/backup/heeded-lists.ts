import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Instant, LmsError } from '../kernel/index.js';
import type { MasterKeyHandle } from '../privacy/index.js';
import { DestroyedKeys } from './destroyed-keys.js';
import { type ListHead, listEnding, listOf } from './destroyed-list-format.js';
import { headOfList, readDestroyedList } from './destroyed-list-reader.js';
import type { RestoreRequest } from './restore-request.js';

export interface ListedStore {
  readonly lineage: string;
  /** When the backup was made. */
  readonly createdAt: Instant;
  readonly masterKey: MasterKeyHandle;
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
  /** null where it does not say whose it is. */
  readonly head: ListHead | null;
  readonly error: LmsError;
}

/**
 * Every list of the store that is named or lies in the folder of the backup. One bad list does not stand in the way: as a later list
 * has what an earlier one has, it is passed over where a whole one as new as itself and as the backup was read.
 * @throws LmsError `BACKUP_KEYS_UNLISTED`, `BACKUP_KEYS_DAMAGED` for a list that was named, that is newer than every whole one, or that was the
 * only one; none of them where it is said that a restore goes without
 */
export async function heededLists(
  { file, destroyedKeys = [], withoutDestroyedKeys = false }: RestoreRequest,
  { lineage, createdAt, masterKey }: ListedStore,
): Promise<HeededLists> {
  const named = new Set(destroyedKeys);
  const { ours, bad } = await besides(file, lineage);
  const keys = new DestroyedKeys();
  const lists: string[] = [];
  let until: Instant | null = null;
  for (const [list, head] of new Map([...destroyedKeys.map((each) => [each, null] as const), ...ours])) {
    try {
      const read = await readDestroyedList(list, { lineage, masterKey });
      for (const key of read.keys) keys.add(key);
      lists.push(list);
      if (until === null || read.writtenAt > until) until = read.writtenAt;
    } catch (error) {
      if (!isDamage(error) || (named.has(list) && !withoutDestroyedKeys)) throw error;
      bad.push({ file: list, head, error });
    }
  }
  if (!withoutDestroyedKeys) refuseUnlisted({ file, createdAt, until, bad });
  return { keys, lists, until, unreadable: [...new Set(bad.map((each) => each.file))].sort() };
}

interface Found {
  readonly file: string;
  readonly createdAt: Instant;
  readonly until: Instant | null;
  readonly bad: readonly BadList[];
}

function refuseUnlisted({ file, createdAt, until, bad }: Found): void {
  const own = listOf(file);
  if (until === null || until < createdAt) {
    const near = bad.find((each) => each.file === own || each.head !== null);
    if (near !== undefined) throw near.error;
    throw new LmsError('BACKUP_KEYS_UNLISTED', {
      message: `no list of destroyed keys as new as ${file} lies beside it: keep it there, name one, or say that what was erased since may come back`,
      path: file,
    });
  }
  const newest = until;
  const newer = bad.find(({ head }) => head !== null && head.writtenAt > newest);
  if (newer !== undefined) throw newer.error;
}

/** Lists in the folder of a backup: those of its store, its own first, and what nobody can tell the store of. */
async function besides(
  backup: string,
  lineage: string,
): Promise<{ readonly ours: readonly (readonly [string, ListHead])[]; readonly bad: BadList[] }> {
  const ours: (readonly [string, ListHead])[] = [];
  const bad: BadList[] = [];
  for (const file of await listsBeside(backup)) {
    try {
      const head = await headOfList(file);
      if (head.lineage === lineage) ours.push([file, head]);
    } catch (error) {
      if (!isDamage(error)) throw error;
      bad.push({ file, head: null, error });
    }
  }
  return { ours, bad };
}

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
