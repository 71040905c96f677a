import type { Instant, LocalDate, LocalTime } from '../kernel/index.js';

/** A day and a time on the wall, in no zone, as spreadsheets know them. */
export interface ClockTime {
  readonly date: LocalDate;
  /** `HH:MM:SS`. */
  readonly time: LocalTime;
}

/**
 * One value of a table, before it takes the form of a file.
 *
 * `text` of a number is a plain decimal; `percent` is in points. A `date` may have a time on the wall. `printed` of an
 * instant is how people read it, and `clock` what a cell of a spreadsheet shows for it: null where that would be
 * inexact. A `mark` is what a spreadsheet shows for a failed formula (`#N/A`).
 */
export type TableCell =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly style: NumberStyle }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly printed: string }
  | { readonly kind: 'date'; readonly date: LocalDate; readonly time: LocalTime | null }
  | { readonly kind: 'instant'; readonly instant: Instant; readonly printed: string; readonly clock: ClockTime | null }
  | { readonly kind: 'mark'; readonly text: string };

export type NumberStyle = 'whole' | 'decimal' | 'money' | 'percent';

export const emptyCell: TableCell = { kind: 'empty' };

export function textCell(text: string | null | undefined): TableCell {
  return text === null || text === undefined || text === '' ? emptyCell : { kind: 'text', text };
}

/** `1990-05-17`, with its time `1990-05-17 09:30:00`. */
export function dateText({ date, time }: TableCell & { readonly kind: 'date' }): string {
  return time === null ? date : `${date} ${time}`;
}
