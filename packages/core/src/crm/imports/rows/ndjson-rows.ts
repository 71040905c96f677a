import { isErrorMark } from '../../../foundation/kernel/index.js';
import { emptyCell, isEmptyRow, ownCopy, textCell, tooLongCell } from './cells.js';
import { openForReading } from './file-stamp.js';
import { type JsonMember, parseJsonLine } from './json-line.js';
import { decimalOfJson } from './json-number.js';
import type { Cell, RowLimits, RowSource, SourceRow } from './row-source.js';
import { readLines } from './text-lines.js';
import { type TextFile, textSource } from './text-source.js';
import { beyondLimit } from './unreadable.js';

/** Under this key a reject file holds a line that is no JSON object; it is still none until that key is emptied. */
export const brokenLineKey = 'LMS line';

/** Lines whose keys make the header. */
const linesOfHeader = 1_000;
const mostExtraCells = 50;

/**
 * A file with one JSON object a line. Its header, row 0, is every key of the first 1,000 lines in the order in which they come; a
 * value under a key that comes later stands behind the cells of the header as an error, so it is told and not lost.
 * @param known the keys, when they have been looked for before
 */
export async function ndjsonRows(
  text: TextFile,
  known: readonly string[] | null,
  signal: AbortSignal | undefined,
): Promise<RowSource> {
  const keys = known ?? (await headerOf(text, signal));
  return textSource(text, {
    keys,
    form: { format: 'ndjson', encoding: text.encoding.encoding },
    oldMac: false,
    reader: () => new NdjsonReader(keys, text.limits),
  });
}

async function headerOf(text: TextFile, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const { limits, encoding, stamp } = text;
  const keys = new Set<string>();
  const handle = await openForReading(text.file);
  let count = 0;
  try {
    const options = { encoding, size: stamp.size, oldMac: false, onBytes: () => undefined, signal };
    for await (const lines of readLines(handle, options)) {
      for (const line of lines.slice(0, linesOfHeader - count)) {
        for (const { key } of parseJsonLine(line) ?? [])
          if (keys.size <= limits.columns && key !== brokenLineKey) keys.add(key);
      }
      count += lines.length;
      if (count >= linesOfHeader) break;
    }
  } finally {
    await handle.close();
  }
  return [...keys].map(ownCopy);
}

class NdjsonReader {
  readonly #keys: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #limits: RowLimits;
  #rowNumber = 0;
  #cellCount = 0;

  constructor(keys: readonly string[], limits: RowLimits) {
    this.#keys = keys;
    this.#places = new Map(keys.map((key, at) => [key, at]));
    this.#limits = limits;
  }

  push(lines: readonly string[]): SourceRow[] {
    const rows: SourceRow[] = [];
    if (this.#rowNumber === 0) {
      rows.push({ rowNumber: 0, cells: this.#keys.map((key) => textCell(key, this.#limits.cellLength)) });
    }
    for (const line of lines) {
      this.#rowNumber += 1;
      if (line.trim() === '') continue;
      const cells = this.#cells(line);
      this.#requireWithinLimits(cells.length);
      if (!isEmptyRow(cells)) rows.push({ rowNumber: this.#rowNumber, cells });
    }
    return rows;
  }

  end(): SourceRow[] {
    return [];
  }

  #cells(line: string): Cell[] {
    const members = parseJsonLine(line);
    const cells: Cell[] = this.#keys.map(() => emptyCell);
    if (members === null) return [...cells, errorCell(line, 'not-json', this.#limits.cellLength)];
    const seen = new Set<string>();
    for (const member of members) {
      if (member.key === brokenLineKey) {
        const text = member.value.kind === 'string' ? member.value.text : member.raw;
        if (member.value.kind !== 'null' && text.trim() !== '') {
          cells.push(errorCell(text, 'not-json', this.#limits.cellLength));
        }
        continue;
      }
      const place = this.#places.get(member.key);
      const error = seen.has(member.key) ? 'repeated-key' : place === undefined ? 'extra-key' : null;
      seen.add(member.key);
      if (error === null && place !== undefined) cells[place] = cellOf(member, this.#limits);
      else if (error !== null && cells.length < this.#keys.length + mostExtraCells && member.value.kind !== 'null') {
        cells.push(errorCell(member.raw, error, this.#limits.cellLength));
      }
    }
    return cells;
  }

  #requireWithinLimits(cells: number): void {
    const limits = this.#limits;
    this.#cellCount += cells;
    const path = `line ${this.#rowNumber}`;
    if (this.#rowNumber > limits.rows) {
      throw beyondLimit(`The file has more than ${limits.rows} lines.`, 'rows', limits.rows, path);
    }
    if (this.#cellCount > limits.cells) {
      throw beyondLimit(`The file has more than ${limits.cells} cells.`, 'cells', limits.cells, path);
    }
  }
}

function cellOf({ value }: JsonMember, { cellLength }: RowLimits): Cell {
  switch (value.kind) {
    case 'string':
      if (isErrorMark(value.text)) return { kind: 'error', text: value.text.trim(), value: 'formula' };
      return textCell(value.text, cellLength);
    case 'number':
      return numberOfJson(value.raw, cellLength);
    case 'boolean':
      return { kind: 'boolean', text: String(value.value), value: value.value };
    case 'null':
      return emptyCell;
    case 'nested':
      return errorCell(value.raw, 'nested', cellLength);
  }
}

/** The text has all digits that were written, also where the value cannot. */
function numberOfJson(raw: string, cellLength: number): Cell {
  const text = decimalOfJson(raw);
  if (text === null) return { kind: 'error', text: raw.slice(0, 40), value: 'formula' };
  return text.length > cellLength ? tooLongCell(text, cellLength) : { kind: 'number', text, value: Number(text) };
}

function errorCell(
  text: string,
  value: 'nested' | 'extra-key' | 'repeated-key' | 'not-json',
  cellLength: number,
): Cell {
  return { kind: 'error', text: text.length > cellLength ? ownCopy(text.slice(0, cellLength)) : text, value };
}
