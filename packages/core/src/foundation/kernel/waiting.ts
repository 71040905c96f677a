import type { Instant } from './clock.js';

/** What is due for longer is not merely under way: nobody does it. */
export const longestOverdueMillis = 600_000;

/**
 * For how long something has waited, in milliseconds.
 * @param since when it began to wait, or was due; nothing waits where it is absent
 * @returns 0 where nothing waits, or its time has not come
 */
export function waitedMillis(since: Instant | null | undefined, now: number): number {
  return since === null || since === undefined ? 0 : Math.max(0, now - Date.parse(since));
}
