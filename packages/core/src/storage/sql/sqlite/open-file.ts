import { open, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LmsError } from '../../../foundation/kernel/index.js';
import { networkFileSystemOf } from './network-file-system.js';

const signature = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * Refuses a path that SQLite would accept and then fail on, or quietly damage: a missing folder, a network file system, a
 * file of another kind. @throws LmsError `STORE_MISCONFIGURED`, `STORE_UNAVAILABLE`, `STORE_CORRUPT`
 */
export async function checkFile(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  const folderStatus = await stat(folder).catch(() => null);
  if (!folderStatus?.isDirectory()) {
    throw new LmsError('STORE_MISCONFIGURED', {
      message: `The folder ${folder} of the store ${file} does not exist; create it or name another file`,
      path: file,
    });
  }
  const network = await networkFileSystemOf(await realpath(folder));
  if (network !== null) {
    throw new LmsError('STORE_MISCONFIGURED', {
      message: `${file} is on a network file system (${network}), where SQLite loses data; keep it on a local disk, or use a server`,
      path: file,
    });
  }
  await checkSignature(file);
}

async function checkSignature(file: string): Promise<void> {
  const status = await stat(file).catch(() => null);
  if (status === null) return;
  if (!status.isFile()) {
    throw new LmsError('STORE_MISCONFIGURED', {
      message: `${file} is not a file; name a file for the store`,
      path: file,
    });
  }
  if (status.size === 0) return;
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new LmsError('STORE_UNAVAILABLE', {
      message: `${file} cannot be read; give this user permission to read and write it`,
      path: file,
      cause: error,
    });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(signature.length), 0, signature.length, 0);
    if (bytesRead === signature.length && buffer.equals(signature)) return;
  } finally {
    await handle.close();
  }
  throw new LmsError('STORE_CORRUPT', {
    message: `${file} is not a SQLite database, or its beginning is damaged; name another file or restore this one from a backup`,
    path: file,
  });
}
