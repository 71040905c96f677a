import { join } from 'node:path';
import type { Instant } from '../kernel/index.js';

/** Names that {@link nameInFolder} gives: a backup that somebody named is never removed. */
export const givenName: RegExp = /^lms-\d{8}T\d{9}Z-[0-9a-f]{8}\.lmsbackup$/;

/** A name that sorts by time, and that no other backup of the folder has. */
export function nameInFolder(folder: string, createdAt: Instant, id: string): string {
  const time = createdAt.replace(/[-:.]/g, '');
  return join(folder, `lms-${time}-${id.slice(-8)}.lmsbackup`);
}
