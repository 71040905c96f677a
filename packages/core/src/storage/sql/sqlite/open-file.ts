import { access, constants, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LmsError, systemCode } from '../../../foundation/kernel/index.js';
import { type FileHeader, fileHeader, headerBytes } from './file-header.js';
import { networkFileSystemOf } from './network-file-system.js';
import { realFileOf } from './real-file.js';

/**
 * Refuses a path that SQLite would accept and then fail on, or quietly damage: a missing folder, a network file system, a
 * file of another kind, one that was cut, one that may not be written, a log without its file. A link is followed to the file that SQLite
 * will use.
 * @param networkOf tells the network file system of a folder; tests, which have none, give their own
 * @throws LmsError `STORE_MISCONFIGURED`, `STORE_UNAVAILABLE`, `STORE_CORRUPT`
 */
export async function checkFile(file: string, networkOf: NetworkOf = networkFileSystemOf): Promise<void> {
  const real = await realFileOf(file);
  if (real === file) return checkRealFile(file, networkOf);
  try {
    await checkRealFile(real, networkOf);
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    throw new LmsError(error.code, { message: `${file} leads to ${real}: ${error.message}`, path: file, cause: error });
  }
}

type NetworkOf = (folder: string) => Promise<string | null>;

async function checkRealFile(file: string, networkOf: NetworkOf): Promise<void> {
  const folder = dirname(file);
  const folderStatus = await stat(folder).catch(() => null);
  if (!folderStatus?.isDirectory()) {
    throw misconfigured(
      file,
      `The folder ${folder} of the store ${file} does not exist; create it or name another file`,
    );
  }
  const network = await networkOf(folder);
  if (network !== null) {
    throw misconfigured(
      file,
      `${file} is on a network file system (${network}), where SQLite loses data; keep it on a local disk, or use a server`,
    );
  }
  await requireWritable(folder, file, `the folder ${folder}`);
  const status = await stat(file).catch(() => null);
  if (status !== null && !status.isFile())
    throw misconfigured(file, `${file} is not a file; name a file for the store`);
  if (status === null || status.size === 0) return refuseLogAlone(file);
  await requireWritable(file, file, file);
  const header = await readHeader(file);
  if (header === null) {
    throw corrupt(
      file,
      `${file} is not a SQLite database, or its beginning is damaged; name another file or restore this one from a backup`,
    );
  }
  if (await isCut(header, file)) {
    throw corrupt(file, `${file} was cut short: it should hold ${header.pages} pages; restore it from a backup`);
  }
}

/**
 * SQLite would throw the log away and begin a new store. The file is looked at again after its log: another process that makes the store
 * just now writes the file first.
 */
async function refuseLogAlone(file: string): Promise<void> {
  if ((await bytesOf(`${file}-wal`)) === 0 || (await bytesOf(file)) > 0) return;
  throw corrupt(
    file,
    `${file} is gone or empty, but its log ${file}-wal is there: put the file back, or restore both from a backup`,
  );
}

/**
 * Pages that the header counts may still be in the log alone; without a log they must be in the file. In this order, as another
 * process may just now bring the log into the file.
 */
async function isCut({ pageBytes, pages }: FileHeader, file: string): Promise<boolean> {
  if (pages === null || (await bytesOf(`${file}-wal`)) > 0) return false;
  return (await bytesOf(file)) < pageBytes * pages;
}

async function bytesOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}

async function readHeader(file: string): Promise<FileHeader | null> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    if (isForbidden(cause)) throw forbidden(file, file, cause);
    const message = `${file} cannot be opened; check the disk, and how many files this process has open`;
    throw new LmsError('STORE_UNAVAILABLE', { message, path: file, cause });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return fileHeader(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** SQLite opens what it may only read, and fails at the first write. */
async function requireWritable(path: string, file: string, what: string): Promise<void> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (cause) {
    throw forbidden(file, what, cause);
  }
}

function isForbidden(cause: unknown): boolean {
  const code = systemCode(cause);
  return code === 'EACCES' || code === 'EPERM';
}

function forbidden(file: string, what: string, cause: unknown): LmsError {
  const why = systemCode(cause) === 'EROFS' ? ' (the file system is read-only)' : '';
  const message = `The store ${file} cannot be used: give this user permission to read and write ${what}${why}`;
  return new LmsError('STORE_MISCONFIGURED', { message, path: file, cause });
}

function misconfigured(file: string, message: string): LmsError {
  return new LmsError('STORE_MISCONFIGURED', { message, path: file });
}

function corrupt(file: string, message: string): LmsError {
  return new LmsError('STORE_CORRUPT', { message, path: file });
}
