import type { RandomSource } from './random.js';

/**
 * Milliseconds until the next try: any part of a pause that doubles with each, so that those who failed together do not come back
 * together.
 * @param tries so far; at least 1
 */
export function jitteredPause(
  tries: number,
  { firstMillis, mostMillis }: { readonly firstMillis: number; readonly mostMillis: number },
  random: RandomSource,
): number {
  const longest = Math.min(mostMillis, firstMillis * 2 ** Math.min(tries - 1, 30));
  const [high = 0, low = 0] = random.bytes(2);
  return Math.round((longest * (high * 256 + low)) / 65_535);
}
