import { emptyCell } from './cells.js';
import type { Cell, SourceRow } from './row-source.js';
import { beyondLimit } from './unreadable.js';
import { type RawCell, type WorkbookParts, xlsxCell } from './xlsx-cell.js';
import { readXml, type XmlHandlers } from './xml-events.js';

/** A sheet has columns A to XFD; a row with more of them has been made to keep its reader busy. */
const columnsOfFormat = 16_384;

/** The rows of a sheet's XML, empty ones too where the file lists them. */
export async function* readSheet(
  xml: AsyncIterable<Uint8Array>,
  parts: WorkbookParts,
  mostColumns: number,
): AsyncGenerator<SourceRow> {
  const gathered = new SheetRows(parts, mostColumns);
  for await (const _ of readXml(xml, gathered)) yield* gathered.take();
}

type Open = { -readonly [Key in keyof RawCell]: RawCell[Key] } & { column: number };

/** Gathers rows as the XML goes by. References are optional: without one a row or cell follows the one before it. */
class SheetRows implements XmlHandlers {
  readonly #parts: WorkbookParts;
  readonly #mostColumns: number;
  #rows: SourceRow[] = [];
  #rowNumber = 0;
  #cells: Cell[] | null = null;
  #column = -1;
  #cell: Open | null = null;
  #inValue = false;
  #inPhonetic = false;

  constructor(parts: WorkbookParts, mostColumns: number) {
    this.#parts = parts;
    this.#mostColumns = mostColumns;
  }

  take(): SourceRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attribute: (name: string) => string | undefined): void {
    if (name === 'row') {
      this.#rowNumber = Number(attribute('r')) || this.#rowNumber + 1;
      this.#cells = [];
      this.#column = -1;
    } else if (name === 'c' && this.#cells !== null) {
      this.#column = columnOf(attribute('r')) ?? this.#column + 1;
      if (this.#column >= columnsOfFormat) {
        throw beyondLimit(`A row has more than ${columnsOfFormat} columns.`, 'columns', columnsOfFormat);
      }
      const [type, style] = [attribute('t') ?? 'n', Number(attribute('s') ?? 0)];
      this.#cell = { type, style, isFormula: false, text: null, column: this.#column };
    } else if (this.#cell !== null) {
      if (name === 'f') this.#cell.isFormula = true;
      if (name === 'rPh') this.#inPhonetic = true;
      this.#inValue = (name === 'v' || name === 't') && !this.#inPhonetic;
      if (this.#inValue) this.#cell.text ??= '';
    }
  }

  text(text: string): void {
    if (!this.#inValue || this.#cell === null) return;
    const kept = this.#cell.text ?? '';
    this.#cell.text = kept + text.slice(0, Math.max(0, this.#parts.mostCharacters + 1 - kept.length));
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#inValue = false;
    else if (name === 'rPh') this.#inPhonetic = false;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row' && this.#cells !== null) {
      this.#rows.push({ rowNumber: this.#rowNumber, cells: this.#cells });
      this.#cells = null;
    }
  }

  /** One cell more than the limit is kept, so that whoever reads sees that the row is too long. */
  #closeCell(): void {
    const cell = this.#cell;
    this.#cell = null;
    if (cell === null || this.#cells === null || cell.column > this.#mostColumns) return;
    const shown = xlsxCell(cell, this.#parts);
    if (shown.kind === 'empty') return;
    while (this.#cells.length < cell.column) this.#cells.push(emptyCell);
    this.#cells[cell.column] = shown;
  }
}

/** `AB12` is 27. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(reference ?? '')?.[0];
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
