import type { RandomSource } from '../foundation/kernel/index.js';

/** How often a unit that collided with others is tried again. */
export interface RepeatPolicy {
  readonly attempts: number;
  /** The longest pause after the first collision; it doubles with each up to {@link longestPauseMillis}. */
  readonly firstPauseMillis: number;
  readonly longestPauseMillis: number;
}

export const defaultRepeatPolicy: RepeatPolicy = { attempts: 60, firstPauseMillis: 4, longestPauseMillis: 120 };

/** Waits a random part of the pause after attempt number `attempt`, so that those who collided do not meet again. */
export async function pauseAfter(attempt: number, policy: RepeatPolicy, random: RandomSource): Promise<void> {
  const longest = Math.min(policy.longestPauseMillis, policy.firstPauseMillis * 2 ** Math.min(attempt - 1, 20));
  const [high = 0, low = 0] = random.bytes(2);
  const millis = (longest * (high * 256 + low)) / 65_535;
  await new Promise((resolve) => setTimeout(resolve, millis));
}
