import type { Instant, LocalDate } from '../../../foundation/kernel/index.js';

/**
 * One value of an exported lead, before it takes the form of a file. `text` of a number is a plain decimal; `percent` is in
 * points; `printed` of an instant is its business date and time, exact.
 */
export type ExportCell =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly style: NumberStyle }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly printed: string }
  | { readonly kind: 'date'; readonly date: LocalDate }
  | { readonly kind: 'instant'; readonly instant: Instant; readonly printed: string; readonly exact: boolean };

export type NumberStyle = 'whole' | 'decimal' | 'money' | 'percent';

export const emptyCell: ExportCell = { kind: 'empty' };

export function textCell(text: string | null | undefined): ExportCell {
  return text === null || text === undefined || text === '' ? emptyCell : { kind: 'text', text };
}
