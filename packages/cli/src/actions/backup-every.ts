import { type ErrorCode, LmsError } from '@lms/core/kernel';
import { type BackupTimes, nextBackupAt, pauseAfter } from './backup-times.js';

/** What the rounds of backups are made with. */
export interface BackupRounds extends BackupTimes {
  readonly signal: AbortSignal;
  now(): number;
  /** Ends early, without throwing, when the signal is aborted. */
  wait(millis: number): Promise<void>;
  /** When the last backup of the store was made, by whomever; milliseconds since 1970. */
  lastAt(): Promise<number | null>;
  make(): Promise<void>;
  tellNext(at: number): void;
  tellFailed(error: LmsError, nextTryAt: number): void;
}

/** Clocks are set and machines sleep, so a long wait looks at the clock in between. */
const longestWait = 60_000;

/** What somebody has to correct first: no later try goes another way. */
const final: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INPUT_INVALID',
  'PERMISSION_DENIED',
  'ACTOR_UNKNOWN',
  'KEY_INVALID',
  'KEY_MISSING',
  'STORE_OUTDATED',
  'STORE_TOO_NEW',
  'STORE_CLOSED',
]);

/**
 * One backup after the other at aligned times, until the signal is aborted. One that another process has made meanwhile counts; of two services
 * that wake at the same time both make one, so a store is meant to have one. One that fails is told and tried again, after a minute, then after twice as long each time.
 * @throws LmsError what no later try mends, and `COMMAND_ABORTED` when it is stopped in the middle of a backup
 */
export async function backUpEvery(rounds: BackupRounds): Promise<void> {
  const { signal } = rounds;
  let failures = 0;
  /** The last one when this process tried in vain. */
  let lastAtFailure: number | null = null;
  while (!signal.aborted) {
    try {
      const lastAt = await rounds.lastAt();
      if (failures === 0 || lastAt !== lastAtFailure) {
        failures = 0;
        const due = nextBackupAt({ now: rounds.now(), lastAt }, rounds);
        if (due > rounds.now()) rounds.tellNext(due);
        await until(due, rounds);
        if (signal.aborted) return;
        if ((await rounds.lastAt()) !== lastAt) continue;
      }
      lastAtFailure = lastAt;
      await rounds.make();
      failures = 0;
    } catch (error) {
      if (!LmsError.isInstance(error) || signal.aborted || final.has(error.code)) throw error;
      failures += 1;
      const nextTryAt = rounds.now() + pauseAfter(failures, rounds.everyMillis);
      rounds.tellFailed(error, nextTryAt);
      await until(nextTryAt, rounds);
    }
  }
}

async function until(at: number, rounds: BackupRounds): Promise<void> {
  for (;;) {
    const left = at - rounds.now();
    if (left <= 0 || rounds.signal.aborted) return;
    await rounds.wait(Math.min(left, longestWait));
  }
}
