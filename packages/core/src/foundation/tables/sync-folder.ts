import { open } from 'node:fs/promises';
import { systemCode } from '../kernel/index.js';

/** How systems answer that cannot be told to write a folder to the disk. */
const codesWithoutSync: ReadonlySet<string> = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

/**
 * Makes the names in a folder durable: a name is of its folder, which reaches the disk by itself. Does nothing where the system cannot
 * be told to (Windows, some mounts).
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (cause) {
    if (!codesWithoutSync.has(systemCode(cause) ?? '')) throw cause;
  } finally {
    await handle.close();
  }
}
