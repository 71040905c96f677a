import { type BusinessTime, dayNumber } from '../kernel/index.js';

/** How many backups to keep: the newest of each of so many days, weeks and months that have one. */
export interface KeepBackups {
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
}

/** A backup by when it was made. */
export interface DatedBackup {
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/**
 * The backups that nothing keeps. Days, weeks (from Monday) and months are those of the business time zone. The newest backup is always
 * kept; without a number for any span, all are.
 */
export function backupsToPrune<Backup extends DatedBackup>(
  backups: readonly Backup[],
  keep: KeepBackups,
  time: BusinessTime,
): readonly Backup[] {
  const spans: readonly [number | undefined, (at: number) => string | number][] = [
    [keep.daily, (at) => time.localDate(at)],
    [keep.weekly, (at) => Math.floor((dayNumber(time.localDate(at)) + mondayOffset) / 7)],
    [keep.monthly, (at) => time.month(at)],
  ];
  if (spans.every(([count]) => count === undefined)) return [];
  const newestFirst = [...backups].sort((a, b) => b.createdAt - a.createdAt || (a.file < b.file ? 1 : -1));
  const kept = new Set<Backup>(newestFirst.slice(0, 1));
  for (const [count = 0, spanOf] of spans) {
    const seen = new Set<string | number>();
    for (const backup of newestFirst) {
      const span = spanOf(backup.createdAt);
      if (seen.has(span)) continue;
      if (seen.size === count) break;
      seen.add(span);
      kept.add(backup);
    }
  }
  return newestFirst.filter((backup) => !kept.has(backup));
}

/** Day 0, 1970-01-01, was a Thursday. */
const mondayOffset = 3;
