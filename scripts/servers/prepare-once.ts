import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { isProcessAlive } from './processes.ts';

const POLL_MILLISECONDS = 250;
/** A lock file is written right after it is made; one that stays empty longer belongs to a process that died in between. */
const EMPTY_LOCK_MILLISECONDS = 5_000;

async function isAbandoned(lockFile: string): Promise<boolean> {
  try {
    const holder = await readFile(lockFile, 'utf8');
    if (holder !== '') return !isProcessAlive(Number(holder));
    return Date.now() - (await stat(lockFile)).mtimeMs > EMPTY_LOCK_MILLISECONDS;
  } catch {
    return false; // gone in the meantime: the caller tries to take it
  }
}

async function tryToLock(lockFile: string): Promise<boolean> {
  try {
    const handle = await open(lockFile, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Makes a folder once and returns when it is there, whoever made it.
 *
 * `make` fills a folder beside it that is renamed into place at the end, so a folder that exists is whole. Of several processes
 * one makes it and the others wait; a maker that died is taken over.
 */
export async function prepareOnce(folder: string, make: (unfinished: string) => Promise<void>): Promise<void> {
  const lockFile = `${folder}.lock`;
  await mkdir(dirname(folder), { recursive: true });
  while (!existsSync(folder)) {
    if (await isAbandoned(lockFile)) await rm(lockFile, { force: true });
    if (!(await tryToLock(lockFile))) {
      await sleep(POLL_MILLISECONDS);
      continue;
    }
    try {
      if (!existsSync(folder)) await makeAndRename(folder, make);
    } finally {
      await rm(lockFile, { force: true });
    }
  }
}

async function makeAndRename(folder: string, make: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await make(unfinished);
  await rename(unfinished, folder);
}
