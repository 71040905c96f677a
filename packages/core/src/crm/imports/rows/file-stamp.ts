import { type FileHandle, open } from 'node:fs/promises';
import { LmsError, systemCode } from '../../../foundation/kernel/index.js';
import type { FileStamp } from './checked-file.js';
import { unreadable } from './unreadable.js';

/** @throws LmsError `IMPORT_FILE_UNREADABLE` when it is a folder, a pipe or a device */
export async function stampOf(handle: FileHandle, file: string): Promise<FileStamp> {
  const status = await handle.stat({ bigint: true });
  if (!status.isFile()) throw unreadable('This is not a file.', { path: file });
  return { size: Number(status.size), writtenAt: status.mtimeNs, device: status.dev, inode: status.ino };
}

/** @throws LmsError `IMPORT_FILE_UNREADABLE` saying why it cannot be opened */
export async function openForReading(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw unreadable(`The file cannot be opened: ${reasonOf(cause)}`, { path: file, cause });
  }
}

/**
 * A file that somebody writes to while it is read holds rows that are cut in the middle: half a phone number can look like a
 * whole one. So reading what was there at the start is not enough; a file that changed is refused.
 * @throws LmsError `IMPORT_FILE_CHANGED`
 */
export async function requireUnchanged(handle: FileHandle, file: string, before: FileStamp): Promise<void> {
  const now = await stampOf(handle, file);
  const isSame =
    now.size === before.size &&
    now.writtenAt === before.writtenAt &&
    now.device === before.device &&
    now.inode === before.inode;
  if (isSame) return;
  const how =
    now.size === before.size ? 'was written to' : `${now.size > before.size ? 'grew' : 'shrank'} to ${now.size} bytes`;
  throw new LmsError('IMPORT_FILE_CHANGED', {
    message: `The file ${how} while it was read (${before.size} bytes at the start). Wait until it is complete, or import a copy.`,
    path: file,
  });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  EACCES: 'no permission to read it.',
  EISDIR: 'it is a folder.',
};

function reasonOf(cause: unknown): string {
  const code = systemCode(cause) ?? '';
  return reasons[code] ?? `${code || 'unknown reason'}.`;
}
