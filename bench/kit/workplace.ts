import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A git-ignored folder on the disk of the checkout: a temporary folder may be in memory, where a commit costs nothing. */
export const benchFolder: string = fileURLToPath(new URL('../../.cache/bench/', import.meta.url));

/** Runs `work` with a fresh folder that is removed afterwards. */
export function inFreshFolder<Result>(work: (folder: string) => Result): Result {
  mkdirSync(benchFolder, { recursive: true });
  const folder = mkdtempSync(join(benchFolder, 'run-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
