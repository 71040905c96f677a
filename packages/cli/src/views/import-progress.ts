import type { ImportProgress } from '@lms/core';

type Shown = Pick<
  ImportProgress,
  | 'bytesRead'
  | 'totalBytes'
  | 'rows'
  | 'created'
  | 'updated'
  | 'duplicates'
  | 'rejected'
  | 'rowsPerSecond'
  | 'secondsLeft'
>;

/** One line on how far an import is; what matters most comes first, since a narrow terminal shows the beginning. */
export function importProgressText(progress: Shown): string {
  const { bytesRead, totalBytes, rows, created, updated, duplicates, rejected, rowsPerSecond, secondsLeft } = progress;
  const share = totalBytes === 0 ? 0 : Math.floor((100 * Math.min(bytesRead, totalBytes)) / totalBytes);
  const left = secondsLeft === null ? '' : `, ${durationText(secondsLeft)} left`;
  const outcomes = [
    `${created} created`,
    ...(updated > 0 ? [`${updated} updated`] : []),
    `${duplicates} duplicates`,
    `${rejected} rejected`,
  ];
  return `${share} %${left}  ${rows} rows, ${rowsPerSecond}/s: ${outcomes.join(', ')}`;
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`: no finer than an estimate is. */
function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
