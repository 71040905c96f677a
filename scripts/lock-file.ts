import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { isProcessAlive } from './servers/processes.ts';

const POLL_MILLISECONDS = 100;
/** A lock file is written right after it is made; one that stays empty longer belongs to a process that died in between. */
const EMPTY_LOCK_MILLISECONDS = 5_000;

/** Does the work while no other process does work under the same lock file; that of a process that died is taken over. */
export async function withLockFile<Result>(lockFile: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(dirname(lockFile), { recursive: true });
  while (!(await tryToLock(lockFile))) {
    if (await isAbandoned(lockFile)) await rm(lockFile, { force: true });
    else await sleep(POLL_MILLISECONDS);
  }
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
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

async function isAbandoned(lockFile: string): Promise<boolean> {
  try {
    const holder = await readFile(lockFile, 'utf8');
    if (holder !== '') return !isProcessAlive(Number(holder));
    return Date.now() - (await stat(lockFile)).mtimeMs > EMPTY_LOCK_MILLISECONDS;
  } catch {
    return false; // gone in the meantime: the caller tries to take it
  }
}
