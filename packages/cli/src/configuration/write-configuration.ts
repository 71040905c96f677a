import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Configuration } from './configuration.js';

/** Writes a new file; false, and nothing written, when it exists already (also by a caller at the same time). */
export async function writeNewConfiguration(file: string, configuration: Configuration): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true });
  try {
    const handle = await open(file, 'wx', 0o644);
    try {
      await handle.writeFile(`${JSON.stringify(configuration, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  }
}
