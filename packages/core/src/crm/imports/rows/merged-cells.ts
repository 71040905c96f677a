import { isEmptyRow } from './cells.js';
import type { MergedArea, MergedAreas } from './checked-file.js';
import { MalformedXml } from './malformed-xml.js';
import type { Cell } from './row-source.js';
import { columnOf } from './xlsx-reference.js';

export const nothingMerged: MergedAreas = { count: 0, tall: [] };

const area = /<(?:\w+:)?mergeCell\s[^<>]*?\bref\s*=\s*["']([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?["']/g;

/** @param tail what stands in the sheet's XML behind its cells */
export function mergedAreasIn(tail: string): MergedAreas {
  let count = 0;
  const tall: MergedArea[] = [];
  for (const [, letters = '', first, , last = first] of tail.matchAll(area)) {
    count += 1;
    const [firstRow, lastRow] = [Number(first), Number(last)];
    if (lastRow > firstRow) tall.push({ firstRow, lastRow, column: columnOf(`${letters}1`) ?? 0 });
  }
  return { count, tall: tall.sort((one, other) => one.firstRow - other.firstRow) };
}

interface OpenArea {
  readonly lastRow: number;
  readonly column: number;
  readonly cell: Cell;
}

/**
 * Repeats what was typed into merged cells of several rows. A person who merges `Pune` over three rows means that all three
 * are of Pune; the file holds it in the first alone. The value goes down its own column, into rows that have cells of their
 * own: an area over several columns says nothing about the others, and an empty row stays empty.
 */
export class MergedRows {
  readonly #areas: readonly MergedArea[];
  #next = 0;
  #open: OpenArea[] = [];

  constructor(areas: MergedAreas) {
    this.#areas = areas.tall;
  }

  /** Takes rows from top to bottom. @param cells changed in place, which `put` does */
  fill(rowNumber: number, cells: readonly Cell[], put: (column: number, cell: Cell) => void): void {
    if (this.#open.length > 0) {
      this.#open = this.#open.filter((open) => open.lastRow >= rowNumber);
      const own = !isEmptyRow(cells);
      for (const { column, cell } of own ? this.#open : []) {
        if ((cells[column]?.kind ?? 'empty') === 'empty') put(column, cell);
      }
    }
    for (;;) {
      const next = this.#areas[this.#next];
      if (next === undefined || next.firstRow > rowNumber) return;
      this.#next += 1;
      const cell = cells[next.column];
      if (next.firstRow < rowNumber || cell === undefined || cell.kind === 'empty') continue;
      if (this.#open.some((open) => open.column === next.column)) throw new MalformedXml('merged areas overlap');
      this.#open.push({ lastRow: next.lastRow, column: next.column, cell });
    }
  }
}
