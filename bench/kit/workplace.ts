import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A git-ignored folder on the disk of the checkout: a temporary folder may be in memory, where a commit costs nothing. */
export const benchFolder: string = fileURLToPath(new URL('../../.cache/bench/', import.meta.url));

/** Runs `work` with a fresh folder that is removed afterwards. */
export function inFreshFolder<Result>(work: (folder: string) => Result): Result {
  const folder = freshFolder();
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same for work that takes its time. */
export async function whileFolderIsThere<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = freshFolder();
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function freshFolder(): string {
  mkdirSync(benchFolder, { recursive: true });
  return mkdtempSync(join(benchFolder, 'run-'));
}
