import { join } from 'node:path';
import type { Instant } from '../kernel/index.js';

/** Names that {@link nameInFolder} gives: a backup that somebody named is never removed. */
export const givenName: RegExp = /^lms-\d{8}T\d{9}Z-[0-9a-f]{8}\.lmsbackup$/;

/** When a backup of a {@link givenName} was made, in milliseconds since 1970; null for another name. */
export function timeOfName(name: string): number | null {
  if (!givenName.test(name)) return null;
  const at = Date.parse(
    name.replace(/^lms-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z.*$/, '$1-$2-$3T$4:$5:$6.$7Z'),
  );
  return Number.isNaN(at) ? null : at;
}

/** A name that sorts by time, and that no other backup of the folder has. */
export function nameInFolder(folder: string, createdAt: Instant, id: string): string {
  const time = createdAt.replace(/[-:.]/g, '');
  return join(folder, `lms-${time}-${id.slice(-8)}.lmsbackup`);
}
