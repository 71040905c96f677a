import { type FileHandle, open } from 'node:fs/promises';
import { LmsError } from '../kernel/index.js';
import type { MasterKeyHandle } from '../privacy/index.js';
import type { DestroyedKey } from './destroyed-keys.js';
import { headOf, isEnd, keyOf, type ListHead, sealOf } from './destroyed-list-format.js';
import { readAt } from './read-at.js';
import { readProblem } from './read-problem.js';

const longestList = 256 * 1024 * 1024;
/** Bytes at the beginning of a list that hold its first line. */
const mostOfHead = 4096;

export interface ReadList extends ListHead {
  readonly keys: readonly DestroyedKey[];
}

/**
 * Whose list a file is, and of when. Reads its beginning alone.
 * @throws LmsError `BACKUP_KEYS_DAMAGED` for what cannot be read, or is of another kind
 */
export async function headOfList(file: string): Promise<ListHead> {
  const beginning = await reading(file, (handle) => readAt(handle, 0, mostOfHead));
  return requireHead(beginning.toString('utf8').split('\n', 1)[0], file);
}

/**
 * All of a list of this store.
 * @throws LmsError `BACKUP_KEYS_DAMAGED` when one byte differs, when it is another store's, or cannot be read
 */
export async function readDestroyedList(
  file: string,
  { lineage, masterKey }: { readonly lineage: string; readonly masterKey: MasterKeyHandle },
): Promise<ReadList> {
  const lines = (await reading(file, (handle) => wholeText(handle, file))).split('\n');
  const head = requireHead(lines[0], file);
  if (head.lineage !== lineage) throw damaged(file, 'it is the list of another store');
  const keyLines = lines.slice(1, -2);
  const seal = sealOf(masterKey, lineage);
  for (const line of lines.slice(0, -2)) seal.update(`${line}\n`, 'utf8');
  const keys = keyLines.map(keyOf).filter((key) => key !== null);
  const isWhole = lines.at(-1) === '' && isEnd(lines.at(-2) ?? '', keyLines.length, seal);
  if (isWhole && keys.length === keyLines.length) return { ...head, keys };
  throw damaged(file, 'it was changed or cut short, or is not sealed under this master key');
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

function damaged(file: string, reason: string, cause?: unknown): LmsError {
  return new LmsError('BACKUP_KEYS_DAMAGED', {
    message: `the list of destroyed keys ${file} cannot be used: ${reason}`,
    path: file,
    ...(cause === undefined ? {} : { cause }),
  });
}
