import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LmsError } from '../../foundation/kernel/index.js';
import type { ScratchStore } from './scratch-store.js';

/**
 * A file in a folder of its own beside the store's, on the same disk.
 * @throws LmsError `STORE_UNAVAILABLE` where no folder can be made there
 */
export async function scratchSqlite({
  file,
}: {
  readonly file: string;
}): Promise<ScratchStore<{ readonly file: string }>> {
  const beside = `${resolve(file)}.verify-`;
  const folder = await mkdtemp(beside).catch((cause: unknown) => {
    const message = `no folder can be made beside ${file}; check that its folder is there and may be written`;
    throw new LmsError('STORE_UNAVAILABLE', { message, path: file, cause });
  });
  const scratch = join(folder, 'scratch.db');
  return {
    source: { file: scratch },
    label: scratch,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
