import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { LmsError } from '../kernel/index.js';
import type { MasterKeys } from '../privacy/index.js';
import { timeOfName } from './backup-name.js';
import type { DestroyedKey } from './destroyed-keys.js';
import { headOf, isLineOfList, keyOf, type ListHead, ListSums, listEnding } from './destroyed-list-format.js';
import { readAt } from './read-at.js';
import { readProblem } from './read-problem.js';

const longestList = 256 * 1024 * 1024;
/** Bytes at the beginning of a list that hold its first line. */
const mostOfHead = 4096;

export interface ReadList extends ListHead {
  readonly keys: readonly DestroyedKey[];
}

/**
 * Whose list a file says it is, and of when; not whether that is so. Reads its beginning alone.
 * @throws LmsError `BACKUP_KEYS_DAMAGED` for what cannot be read, or is of another kind
 */
export async function headOfList(file: string): Promise<ListHead> {
  const beginning = await reading(file, (handle) => readAt(handle, 0, mostOfHead));
  return requireHead(beginning.toString('utf8').split('\n', 1)[0], file);
}

/**
 * All of a list of this store; null for a whole one of another store, whatever key that has.
 * @throws LmsError `BACKUP_KEYS_DAMAGED` when one byte differs, when it is not sealed under any of the master keys, or cannot be read
 */
export async function readDestroyedList(
  file: string,
  { lineage, masterKeys }: { readonly lineage: string; readonly masterKeys: MasterKeys },
): Promise<ReadList | null> {
  const lines = (await reading(file, (handle) => wholeText(handle, file))).split('\n');
  const head = requireHead(lines[0], file);
  const sealed = lines.at(-1) === '' ? sealOf(lines, { lineage, masterKeys }) : 'damaged';
  const keyLines = lines.slice(1, -2);
  const keys = keyLines.map(keyOf).filter((key) => key !== null);
  if (sealed === 'damaged' || keys.length !== keyLines.length) throw damaged(file, 'it was changed or cut short');
  if (head.lineage !== lineage) return null;
  if (sealed === 'sealed-otherwise') {
    throw damaged(file, 'it is not sealed under a master key that was given');
  }
  return { ...head, keys };
}

/** How the lines before the last are sealed, by the key that sealed them. */
function sealOf(
  lines: readonly string[],
  { lineage, masterKeys }: { readonly lineage: string; readonly masterKeys: MasterKeys },
): ReturnType<ListSums['matches']> {
  for (const masterKey of masterKeys.all) {
    const sums = new ListSums(masterKey, lineage);
    for (const line of lines.slice(0, -2)) sums.add(Buffer.from(`${line}\n`, 'utf8'));
    const sealed = sums.matches(lines.at(-2) ?? '');
    if (sealed !== 'sealed-otherwise') return sealed;
  }
  return 'sealed-otherwise';
}

/**
 * When a list that cannot be used was written, as far as can be told without believing what is in it: by the name that a backup was given in
 * a folder, else by the file system. null for what is no list: a folder, a file of another kind.
 */
export async function timeOfDamaged(file: string): Promise<number | null> {
  const about = await stat(file).catch(() => null);
  if (about?.isFile() === false) return null;
  const text = await reading(file, (handle) => wholeText(handle, file)).catch(() => null);
  const backup = file.slice(0, -listEnding.length);
  const given = timeOfName(basename(backup));
  const isList = text === null || given !== null || text.split('\n').some(isLineOfList) || (await isThere(backup));
  if (!isList) return null;
  // What is not there to be asked may be the newest.
  return given ?? about?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

function requireHead(line: string | undefined, file: string): ListHead {
  const head = headOf(line ?? '');
  if (head === null) throw damaged(file, 'it is no list of destroyed keys, or its beginning is damaged');
  return head;
}

async function reading<Result>(file: string, work: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  const unreadable = (cause: unknown): LmsError =>
    LmsError.isInstance(cause) ? cause : damaged(file, readProblem(cause), cause);
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw unreadable(cause);
  });
  try {
    return await work(handle);
  } catch (cause) {
    throw unreadable(cause);
  } finally {
    await handle.close();
  }
}

async function wholeText(handle: FileHandle, file: string): Promise<string> {
  const { size } = await handle.stat();
  if (size > longestList) throw damaged(file, 'it is too long for a list of destroyed keys');
  return (await readAt(handle, 0, size)).toString('utf8');
}

export function damaged(file: string, reason: string, cause?: unknown): LmsError {
  return new LmsError('BACKUP_KEYS_DAMAGED', {
    message: `the list of destroyed keys ${file} cannot be used: ${reason}`,
    path: file,
    ...(cause === undefined ? {} : { cause }),
  });
}
