import { printable } from './printable.js';
import type { Style } from './style.js';
import { type Alignment, pad, shorten, textWidth, wrap } from './text-width.js';

export interface TableColumn<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string;
  readonly align?: Alignment;
  /** The narrowest the column may get when the terminal is; a column without it is never cut. */
  readonly minimum?: number;
  /** A cell that is wider than its column goes on in the next line, instead of being cut; for columns with a `minimum`. */
  readonly wraps?: true;
  /**
   * Which columns give way first, by being narrowed and then by being left out: those of the lowest number. 0 by default; the first
   * column always stays.
   */
  readonly importance?: number;
  /** Colours the finished cell. */
  readonly paint?: (text: string, row: Row) => string;
}

export interface TableOptions {
  /** Columns of the terminal; without end where nothing may be cut. */
  readonly width: number;
  readonly style: Style;
}

const gap = '  ';

/**
 * Rows under headings. Where the table is wider than `width`, columns with a `minimum` are narrowed, the least important first and
 * among equals the widest; where that is not enough, the least important ones are left out, and the last line names them.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  { width, style }: TableOptions,
): string {
  const all = columns.map((column) => measured(column, rows));
  const shown = [...all];
  while (shown.length > 1 && narrowestOf(shown) > width) shown.splice(leastImportant(shown), 1);
  const widths = narrow(shown, width);
  const heading = shown.map(({ column }, index) => cellOf(column.heading, widths[index] ?? 0, column.align)).join(gap);
  return [
    style.bold(heading.trimEnd()),
    ...rows.flatMap((row, position) => rowLines({ row, position, shown, widths })),
    ...leftOut(all, shown, { width, style }),
  ].join('\n');
}

interface Measured<Row> {
  readonly column: TableColumn<Row>;
  readonly cells: readonly string[];
  /** What it takes when nothing is cut. */
  readonly natural: number;
}

function measured<Row>(column: TableColumn<Row>, rows: readonly Row[]): Measured<Row> {
  const cells = rows.map((row) => printable(column.cell(row)));
  // A loop, not Math.max(...cells): a page may have thousands of rows.
  let natural = textWidth(column.heading);
  for (const cell of cells) natural = Math.max(natural, textWidth(cell));
  return { column, cells, natural };
}

function narrowestOf<Row>(shown: readonly Measured<Row>[]): number {
  const widths = shown.map(({ column, natural }) => Math.min(natural, column.minimum ?? natural));
  return widths.reduce((sum, each) => sum + each, 0) + gap.length * (shown.length - 1);
}

function leastImportant<Row>(shown: readonly Measured<Row>[]): number {
  let least = shown.length - 1;
  for (let index = shown.length - 2; index > 0; index -= 1) {
    if ((shown[index]?.column.importance ?? 0) < (shown[least]?.column.importance ?? 0)) least = index;
  }
  return least;
}

function narrow<Row>(shown: readonly Measured<Row>[], width: number): readonly number[] {
  const widths = shown.map(({ natural }) => natural);
  let excess = widths.reduce((sum, each) => sum + each, 0) + gap.length * (shown.length - 1) - width;
  while (excess > 0) {
    const [first] = shown
      .map(({ column: { minimum = Number.POSITIVE_INFINITY, importance = 0 } }, index) => {
        const current = widths[index] ?? 0;
        return { index, importance, current, canGive: current > minimum };
      })
      .filter(({ canGive }) => canGive)
      .sort((left, right) => left.importance - right.importance || right.current - left.current);
    if (first === undefined) break;
    widths[first.index] = first.current - 1;
    excess -= 1;
  }
  return widths;
}

/** One line, or more where a cell goes on. */
function rowLines<Row>(options: {
  readonly row: Row;
  readonly position: number;
  readonly shown: readonly Measured<Row>[];
  readonly widths: readonly number[];
}): readonly string[] {
  const { row, position, shown, widths } = options;
  const blocks = shown.map(({ column, cells }, index) => {
    const text = cells[position] ?? '';
    return column.wraps === true ? wrap(text, widths[index] ?? 0) : [text];
  });
  const height = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, line) =>
    shown
      .map(({ column: { align, paint } }, index) => {
        const cell = cellOf(blocks[index]?.[line] ?? '', widths[index] ?? 0, align);
        return paint === undefined ? cell : paint(cell, row);
      })
      .join(gap)
      .trimEnd(),
  );
}

function cellOf(text: string, width: number, align: Alignment | undefined): string {
  return pad(shorten(text, width), width, align);
}

function leftOut<Row>(
  all: readonly Measured<Row>[],
  shown: readonly Measured<Row>[],
  { width, style }: TableOptions,
): readonly string[] {
  const names = all.filter((each) => !shown.includes(each)).map(({ column }) => column.heading);
  if (names.length === 0) return [];
  const text = `Too narrow for: ${names.join(', ')} (a wider window or --json shows all)`;
  return wrap(text, width).map((line) => style.dim(line));
}
