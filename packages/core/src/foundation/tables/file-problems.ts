import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { diskFullReason, systemCode } from '../kernel/index.js';
import { isNameTooLong, mostNameBytes } from './fitting-name.js';

const isFolder = 'this is a folder; name a file in it';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'the file system is read-only',
  EISDIR: isFolder,
  ENAMETOOLONG: 'the name is too long',
};

/** Why the system did not write a file, in words for whoever named it. */
export function fileFailureReason(cause: unknown): string {
  const reason = diskFullReason(cause) ?? reasons[systemCode(cause) ?? ''];
  return reason ?? (cause instanceof Error ? cause.message : String(cause));
}

/** Why there cannot be such a file, known before the first byte; null where there can. */
export async function placeProblem(file: string): Promise<string | null> {
  if (/[/\\]$/.test(file)) return 'this names a folder; name a file in it';
  if (isNameTooLong(basename(file))) return `the name is longer than ${mostNameBytes} bytes`;
  const there = await stat(file).catch(() => null);
  if (there?.isDirectory() === true) return isFolder;
  if (there !== null && !there.isFile()) return 'this is not a file';
  const folder = dirname(file);
  const around = await stat(folder).catch(() => null);
  if (around?.isDirectory() !== true) return `there is no folder ${folder}; make it first`;
  return access(folder, constants.W_OK).then(
    () => null,
    () => `no permission to write into the folder ${folder}`,
  );
}
