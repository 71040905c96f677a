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
  return Math.round(longest * randomPart(random));
}

/** From 0 to 1, both included. */
export function randomPart(random: RandomSource): number {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) / 65_535;
}
