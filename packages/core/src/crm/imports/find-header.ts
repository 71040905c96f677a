import type { HeadingIndex } from './columns/heading-index.js';
import { foldHeading } from './heading.js';
import type { ColumnMapping } from './mapping-target.js';
import type { SourceRow } from './rows/index.js';

/** Rows in which a header is looked for: titles, dates and logos stand above it. */
export const rowsSearchedForHeader = 30;

/** A cell names a field when its heading is at least as sure as this; data is full of words that are near one. */
const leastConfidence = 0.75;

/** A mapping names no longer headings. */
const longestMapped = 500;

export interface Header {
  readonly rowNumber: number;
  readonly headings: readonly string[];
  /** How many fields its cells name; of what a person says is the header, 0. */
  readonly fieldsNamed: number;
}

/**
 * The row that is most like a header: the one with the most cells that name fields (or columns of the mapping); of equals
 * the first. null when no cell of any row does.
 * @param rows the first rows of the sheet
 */
export function findHeader(
  rows: readonly SourceRow[],
  index: HeadingIndex,
  mapping: ColumnMapping = {},
): Header | null {
  const mapped = new Set(Object.keys(mapping).map(foldHeading));
  let best: SourceRow | null = null;
  let bestScore = 0;
  for (const row of rows) {
    const score = scoreOf(row, index, mapped);
    if (score > bestScore) [best, bestScore] = [row, score];
  }
  if (best === null) return null;
  return { rowNumber: best.rowNumber, headings: best.cells.map((cell) => cell.text), fieldsNamed: bestScore };
}

/** The row that a person says is the header; null when it is empty or not among the rows. */
export function headerAt(rows: readonly SourceRow[], rowNumber: number): Header | null {
  const row = rows.find((one) => one.rowNumber === rowNumber);
  return row === undefined ? null : { rowNumber, headings: row.cells.map((cell) => cell.text), fieldsNamed: 0 };
}

function scoreOf(row: SourceRow, index: HeadingIndex, mapped: ReadonlySet<string>): number {
  const named = new Set<string>();
  for (const cell of row.cells) {
    if (cell.kind !== 'text') continue;
    const match = index.match(cell.text);
    if (match !== null && match.confidence >= leastConfidence) named.add(match.field);
    else if (mapped.size > 0 && cell.text.length <= longestMapped) {
      const folded = foldHeading(cell.text);
      if (mapped.has(folded)) named.add(`mapping ${folded}`);
    }
  }
  return named.size;
}
