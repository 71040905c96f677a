import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { withLockFile } from './lock-file.ts';

/**
 * Makes a folder once and returns when it is there, whoever made it.
 *
 * `make` fills a folder beside it that is renamed into place at the end, so a folder that exists is whole. Of several processes
 * one makes it and the others wait; a maker that died is taken over.
 */
export async function prepareOnce(folder: string, make: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await withLockFile(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await make(unfinished);
    await rename(unfinished, folder);
  });
}
