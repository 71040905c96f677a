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
 * The backups that nothing keeps. Days, weeks (from Monday) and months are those of the business time zone. The one just made is always
 * kept, and so are those that a clock which ran ahead dated later: they stand for no span before their time has come. Without a number
 * for any span, all are kept.
 */
export function backupsToPrune<Backup extends DatedBackup>(
  { made, others }: { readonly made: Backup; readonly others: readonly Backup[] },
  keep: KeepBackups,
  time: BusinessTime,
): readonly Backup[] {
  const spans = spansOf(keep, time);
  if (spans.length === 0) return [];
  const earlier = others.filter(({ createdAt }) => createdAt <= made.createdAt);
  const newestFirst = [made, ...earlier.sort((a, b) => b.createdAt - a.createdAt || (a.file < b.file ? 1 : -1))];
  const kept = new Set<Backup>([made]);
  for (const { count, spanOf } of spans) {
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

/** Whether one backup is of a day, week or month that the other is of too, of the spans that are counted. */
export function sharesSpan(one: DatedBackup, other: DatedBackup, keep: KeepBackups, time: BusinessTime): boolean {
  return spansOf(keep, time).some(({ spanOf }) => spanOf(one.createdAt) === spanOf(other.createdAt));
}

interface Span {
  readonly count: number;
  readonly spanOf: (at: number) => string | number;
}

function spansOf({ daily, weekly, monthly }: KeepBackups, time: BusinessTime): readonly Span[] {
  const all: readonly [number | undefined, Span['spanOf']][] = [
    [daily, (at) => time.localDate(at)],
    [weekly, (at) => Math.floor((dayNumber(time.localDate(at)) + mondayOffset) / 7)],
    [monthly, (at) => time.month(at)],
  ];
  return all.flatMap(([count, spanOf]) => (count === undefined ? [] : [{ count, spanOf }]));
}

/** Day 0, 1970-01-01, was a Thursday. */
const mondayOffset = 3;
