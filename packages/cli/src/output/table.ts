import { printable } from './printable.js';
import type { Style } from './style.js';
import { type Alignment, pad, shorten, textWidth } from './text-width.js';

export interface TableColumn<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string;
  readonly align?: Alignment;
  /** The narrowest the column may get when the terminal is; a column without it is never cut. */
  readonly minimum?: number;
  /** Colours the finished cell. */
  readonly paint?: (text: string, row: Row) => string;
}

const gap = '  ';

/**
 * Rows under headings. Where the table is wider than `width`, columns with a `minimum` are narrowed, the widest first.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  options: { readonly width: number; readonly style: Style },
): string {
  const cells = rows.map((row) => columns.map((column) => printable(column.cell(row))));
  const natural = columns.map((column, index) =>
    Math.max(textWidth(column.heading), ...cells.map((line) => textWidth(line[index] ?? ''))),
  );
  const widths = narrow(natural, columns, options.width);
  const cell = (text: string, index: number): string => {
    const width = widths[index] ?? 0;
    return pad(shorten(text, width), width, columns[index]?.align);
  };
  const heading = options.style.bold(
    columns
      .map((column, index) => cell(column.heading, index))
      .join(gap)
      .trimEnd(),
  );
  const lines = rows.map((row, position) =>
    columns
      .map(({ paint }, index) => {
        const text = cell(cells[position]?.[index] ?? '', index);
        return paint === undefined ? text : paint(text, row);
      })
      .join(gap)
      .trimEnd(),
  );
  return [heading, ...lines].join('\n');
}

function narrow<Row>(natural: readonly number[], columns: readonly TableColumn<Row>[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each, 0) + gap.length * (columns.length - 1) - width;
  while (excess > 0) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const current = widths[index] ?? 0;
      if (column.minimum !== undefined && current > column.minimum && current > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}
