import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LmsError } from '../../../foundation/kernel/index.js';
import type { ExportTarget } from './export-target.js';

export interface FileTargetOptions {
  readonly file: string;
  /** Tells the file being written from those of other exports. */
  readonly name: string;
  /** Whether a file of this name may be replaced. */
  readonly replace: boolean;
}

/**
 * A file for its owner only (mode 600), which has its name when it is complete and not before.
 * @throws LmsError `EXPORT_FILE_EXISTS`, `EXPORT_NOT_WRITTEN` where no file can be made
 */
export async function openFileTarget({ file, name, replace }: FileTargetOptions): Promise<ExportTarget> {
  await refuseExisting(file, replace);
  const partial = join(dirname(file), `.${basename(file)}.${name}.partial`);
  let handle: FileHandle | null = await telling(file, () => open(partial, 'wx', 0o600));
  const letGo = async (): Promise<void> => {
    const held = handle;
    handle = null;
    await held?.close();
  };
  return {
    async write(bytes) {
      await telling(file, async () => handle?.appendFile(bytes));
    },
    async close() {
      await telling(file, async () => {
        await handle?.sync();
        await letGo();
      });
    },
    async publish() {
      await refuseExisting(file, replace);
      await telling(file, () => rename(partial, file));
    },
    async discard() {
      await letGo().catch(() => undefined);
      await rm(partial, { force: true }).catch(() => undefined);
    },
  };
}

async function refuseExisting(file: string, replace: boolean): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found === null) return;
  if (!found.isFile()) throw notWritten(file, 'this is not a file');
  if (replace) return;
  throw new LmsError('EXPORT_FILE_EXISTS', {
    message: `there is a file ${file} already; name another, or replace it`,
    path: file,
  });
}

async function telling<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw notWritten(file, reasonOf(cause), cause);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'this is a folder',
  ENAMETOOLONG: 'the name is too long',
};

function reasonOf(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  return (
    (typeof code === 'string' ? reasons[code] : undefined) ?? (cause instanceof Error ? cause.message : String(cause))
  );
}

function notWritten(file: string, reason: string, cause?: unknown): LmsError {
  return new LmsError('EXPORT_NOT_WRITTEN', {
    message: `the export cannot be written to ${file}: ${reason}`,
    path: file,
    ...(cause === undefined ? {} : { cause }),
  });
}
