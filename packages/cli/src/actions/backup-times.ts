import type { BusinessTime } from '@lms/core/kernel';

export interface BackupTimes {
  readonly everyMillis: number;
  /** Whose wall clock the times are aligned to: every 24 hours is midnight there. */
  readonly time: BusinessTime;
}

/**
 * When the next backup is due, in milliseconds since 1970: now where none was made for as long as the interval; else at the next aligned
 * time, and not later than an interval after the last.
 */
export function nextBackupAt(
  { now, lastAt }: { readonly now: number; readonly lastAt: number | null },
  { everyMillis, time }: BackupTimes,
): number {
  if (lastAt === null || now - lastAt >= everyMillis) return now;
  const ahead = wallOf(now, time) - now;
  const aligned = (Math.floor((now + ahead) / everyMillis) + 1) * everyMillis - ahead;
  return Math.min(aligned, lastAt + everyMillis);
}

const minuteMillis = 60_000;
const hourMillis = 60 * minuteMillis;

/** How long to wait after so many failures in a row: a minute, twice as long each time, an hour at most and never beyond the interval. */
export function pauseAfter(failures: number, everyMillis: number): number {
  return Math.min(minuteMillis * 2 ** Math.min(failures - 1, 10), hourMillis, everyMillis);
}

/** What the wall clock shows, as if it were UTC. */
function wallOf(at: number, time: BusinessTime): number {
  return Date.parse(`${time.localDate(at)}T${time.localTime(at)}Z`) + (((at % 1000) + 1000) % 1000);
}
