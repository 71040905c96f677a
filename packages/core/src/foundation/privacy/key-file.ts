import { link, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cryptoRandom, LmsError, type RandomSource, systemCode } from '../kernel/index.js';
import { syncFolder } from '../tables/index.js';
import { readKeyText } from './key-text.js';
import { type KeySource, type MasterKey, masterKeyLength, masterKeyOf } from './master-key.js';

export interface KeyFileOptions {
  /** Accepts a file that other users of the machine can read, as some secret mounts make it. */
  readonly allowReadableByOthers?: boolean;
}

const mostBytes = 4096;
/** How file systems without links answer (exFAT, some mounts). */
const noLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);
const readableByOthers = 0o077;

/**
 * A master key in a file: 32 raw bytes, or base64 or hexadecimal text.
 * @throws LmsError (from `load`) `KEY_MISSING` when there is no such file; `KEY_INVALID` when it is not a key, or when group
 * or others have any access to it (not checked on Windows)
 */
export function keyFile(path: string, options: KeyFileOptions = {}): KeySource {
  return { load: () => readKeyFile(path, options) };
}

/**
 * Makes a new master key and writes it as base64, readable by its owner alone (mode 600). The key is on disk when the
 * promise resolves, and where the file system has links the file is never seen half written. Of two callers at once one
 * makes the file; the other fails.
 * @throws LmsError `KEY_INVALID` when the file exists: a key is never overwritten
 */
export async function createKeyFile(path: string, random: RandomSource = cryptoRandom()): Promise<MasterKey> {
  const key = masterKeyOf(random.bytes(masterKeyLength), path);
  const draft = `${path}.${Buffer.from(cryptoRandom().bytes(6)).toString('hex')}.new`;
  try {
    await writeNew(draft, `${Buffer.from(key.bytes).toString('base64')}\n`);
    await publish(draft, path);
  } catch (error) {
    throw cannotMake(path, error);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dirname(path));
  return key;
}

/** Unlike a rename, a link never replaces a file that is there. */
async function publish(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (!noLinks.has(systemCode(error) ?? '')) throw error;
    await writeNew(path, await readFile(draft, 'utf8'));
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readKeyFile(path: string, options: KeyFileOptions): Promise<MasterKey> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  try {
    const { mode, size } = await file.stat();
    if (options.allowReadableByOthers !== true && (mode & readableByOthers) !== 0 && process.platform !== 'win32') {
      throw new LmsError('KEY_INVALID', {
        message: `the key file ${path} is open to other users (mode ${(mode & 0o777).toString(8)}); run: chmod 600 ${path}`,
        path,
      });
    }
    if (size > mostBytes) {
      throw new LmsError('KEY_INVALID', { message: `the file ${path} is too long for a key (${size} bytes)`, path });
    }
    const content = await file.readFile();
    return isRawKey(content) ? masterKeyOf(content, path) : readKeyText(content.toString('latin1'), path);
  } finally {
    await file.close();
  }
}

/** Random bytes are never 32 printable characters in practice; such a file holds a password or a key cut short. */
function isRawKey(content: Uint8Array): boolean {
  return content.length === masterKeyLength && content.some((byte) => byte < 0x20 || byte > 0x7e);
}

function cannotRead(path: string, cause: unknown): LmsError {
  if (systemCode(cause) === 'ENOENT') {
    return new LmsError('KEY_MISSING', {
      message: `there is no key file ${path}; put the store's key back there, or name where it is. Without it personal data cannot be read`,
      path,
      cause,
    });
  }
  return new LmsError('KEY_MISSING', {
    message: `the key file ${path} cannot be read (${systemCode(cause) ?? cause}); check its owner and mode`,
    path,
    cause,
  });
}

function cannotMake(path: string, cause: unknown): LmsError {
  const message =
    systemCode(cause) === 'EEXIST'
      ? `the key file ${path} exists and is kept as it is; use it, or name another place`
      : `the key file ${path} cannot be made (${systemCode(cause) ?? cause}); check that its folder exists and is writable`;
  return new LmsError('KEY_INVALID', { message, path, cause });
}
