import { emptyCell, isEmptyRow } from './cells.js';
import type { MergedAreas } from './checked-file.js';
import { MalformedXml } from './malformed-xml.js';
import { MergedRows } from './merged-cells.js';
import { readXml } from './read-xml.js';
import type { Cell, RowLimits, SourceRow } from './row-source.js';
import { beyondLimit } from './unreadable.js';
import type { WorkbookTexts } from './workbook-texts.js';
import { isTrue, type RawCell, type WorkbookParts, xlsxCell } from './xlsx-cell.js';
import { columnOf } from './xlsx-reference.js';
import { joined } from './xlsx-strings.js';
import type { XmlHandlers } from './xml-scanner.js';

/** A sheet has columns A to XFD; a row with more of them has been made to keep its reader busy. */
const columnsOfFormat = 16_384;

export interface SheetReading {
  readonly parts: WorkbookParts;
  /** Where more of the texts come from, when `parts` has not all of them. */
  readonly texts: WorkbookTexts;
  readonly merged: MergedAreas;
  readonly limits: RowLimits;
  readonly progress: SheetProgress;
}

/** Noticed while a sheet is read. */
export interface SheetProgress {
  /** Columns that are hidden, from 0, some of them beyond the last used one. */
  readonly hiddenColumns: number[];
  /** How many columns are used. */
  width: number;
  /** The row that was begun last. */
  lastRow: number;
}

/** The rows of a sheet's XML that are not empty, as many at a time as a piece of it holds. */
export async function* readSheet(
  xml: AsyncIterable<Uint8Array>,
  reading: SheetReading,
): AsyncGenerator<readonly SourceRow[]> {
  const gathered = new SheetRows(reading);
  for await (const _ of readXml(xml, gathered)) {
    await gathered.fetchTexts();
    const rows = gathered.take();
    if (rows.length > 0) yield rows;
  }
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Gathers rows as the XML goes by. References are optional: without one a row or cell follows the one before it. */
class SheetRows implements XmlHandlers {
  wantsText = false;
  readonly #reading: SheetReading;
  readonly #parts: WorkbookParts;
  readonly #merged: MergedRows;
  /** The cell being read; one object for all of them. */
  readonly #cell: Writable<RawCell> = { type: 'n', style: 0, isFormula: false, text: null };
  /** Cells whose texts have not been read yet. */
  #waiting: { readonly cell: Cell; readonly raw: RawCell }[] = [];
  #rows: { readonly rowNumber: number; readonly cells: Cell[] }[] = [];
  #rowNumber = 0;
  #cells: Cell[] = [];
  #column = -1;
  #cellCount = 0;
  #isInSheet = false;
  #isInRow = false;
  #isInCell = false;
  #isInPhonetic = false;

  constructor(reading: SheetReading) {
    this.#reading = reading;
    this.#parts = reading.parts;
    this.#merged = new MergedRows(reading.merged);
  }

  take(): SourceRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** Gives the cells that wait for them their texts. */
  async fetchTexts(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await this.#reading.texts.upTo(this.#waiting.reduce((most, { raw }) => Math.max(most, Number(raw.text)), 0));
    for (const { cell, raw } of this.#waiting) Object.assign(cell, xlsxCell(raw, this.#parts));
    this.#waiting = [];
    for (const { cells } of this.#rows) withoutEmptyEnd(cells);
    this.#rows = this.#rows.filter((row) => !isEmptyRow(row.cells));
  }

  open(name: string, attribute: (name: string) => string | undefined): void {
    if (this.#isInCell) {
      if (name === 'v' || name === 't') this.wantsText = !this.#isInPhonetic;
      else if (name === 'f') this.#cell.isFormula = true;
      else if (name === 'rPh') this.#isInPhonetic = true;
      if (this.wantsText) this.#cell.text ??= '';
    } else if (this.#isInRow) {
      if (name === 'c') this.#openCell(attribute);
    } else if (this.#isInSheet) {
      if (name === 'row') this.#openRow(attribute);
    } else if (name === 'sheetData') {
      this.#isInSheet = true;
    } else if (name === 'col' && isTrue(attribute('hidden'))) {
      this.#hideColumns(Number(attribute('min')), Number(attribute('max')));
    }
  }

  text(text: string): void {
    this.#cell.text =
      this.#cell.text === '' && text.length < 1_000
        ? text
        : joined(this.#cell.text ?? '', text, this.#parts.mostCharacters);
  }

  close(name: string): void {
    if (this.#isInCell) {
      if (name === 'v' || name === 't') this.wantsText = false;
      else if (name === 'c') this.#closeCell();
      else if (name === 'rPh') this.#isInPhonetic = false;
    } else if (name === 'row') {
      if (this.#isInRow) this.#closeRow();
    } else if (name === 'sheetData') {
      this.#isInSheet = false;
    }
  }

  /** Row numbers name rows for ever, so two rows of one number, or in no order, are no spreadsheet. */
  #openRow(attribute: (name: string) => string | undefined): void {
    const written = attribute('r');
    const rowNumber = written === undefined ? this.#rowNumber + 1 : Number(written);
    if (!(Number.isInteger(rowNumber) && rowNumber > this.#rowNumber)) {
      throw new MalformedXml(`its rows are not in order (${String(written).slice(0, 20)} after ${this.#rowNumber})`);
    }
    const { rows } = this.#reading.limits;
    if (rowNumber > rows) throw beyondLimit(`The sheet has more than ${rows} rows.`, 'rows', rows, `row ${rowNumber}`);
    this.#rowNumber = rowNumber;
    this.#reading.progress.lastRow = rowNumber;
    this.#cells = [];
    this.#column = -1;
    this.#isInRow = true;
  }

  #openCell(attribute: (name: string) => string | undefined): void {
    const reference = attribute('r');
    const column = reference === undefined ? this.#column + 1 : columnOf(reference);
    if (column === null || column <= this.#column) {
      throw new MalformedXml(`its cells are not in order (${String(reference).slice(0, 20)})`);
    }
    if (column >= columnsOfFormat) {
      const message = `A row has more than ${columnsOfFormat} columns.`;
      throw beyondLimit(message, 'columns', columnsOfFormat, `row ${this.#rowNumber}`);
    }
    this.#cellCount += 1;
    const { cells } = this.#reading.limits;
    if (this.#cellCount > cells) {
      throw beyondLimit(`The sheet has more than ${cells} cells.`, 'cells', cells, `row ${this.#rowNumber}`);
    }
    this.#column = column;
    this.#cell.type = attribute('t') ?? 'n';
    this.#cell.style = Number(attribute('s') ?? 0);
    this.#cell.isFormula = false;
    this.#cell.text = null;
    this.#isInCell = true;
  }

  #closeCell(): void {
    this.#isInCell = false;
    this.wantsText = false;
    this.#isInPhonetic = false;
    this.#put(this.#column, this.#waitingCell() ?? xlsxCell(this.#cell, this.#parts));
  }

  /** A cell of its own, to be filled in; merged rows may hold it too. null for a cell that need not wait. */
  #waitingCell(): Cell | null {
    const { strings } = this.#parts;
    if (strings.isComplete || this.#cell.type !== 's' || !(Number(this.#cell.text) >= strings.count)) return null;
    const cell: Cell = { kind: 'text', text: '', value: '' };
    this.#waiting.push({ cell, raw: { ...this.#cell } });
    return cell;
  }

  /** One cell more than the limit is kept, so that whoever reads sees that the row is too long. */
  #put(column: number, cell: Cell): void {
    if (cell.kind === 'empty') return;
    const place = Math.min(column, this.#reading.limits.columns);
    while (this.#cells.length < place) this.#cells.push(emptyCell);
    this.#cells[place] = cell;
  }

  #closeRow(): void {
    this.#isInRow = false;
    this.#merged.fill(this.#rowNumber, this.#cells, (column, cell) => this.#put(column, cell));
    withoutEmptyEnd(this.#cells);
    if (this.#cells.length === 0) return;
    this.#rows.push({ rowNumber: this.#rowNumber, cells: this.#cells });
    const { progress } = this.#reading;
    if (this.#cells.length > progress.width) progress.width = this.#cells.length;
  }

  #hideColumns(first: number, last: number): void {
    for (let column = first; column <= Math.min(last, columnsOfFormat); column += 1) {
      if (this.#reading.progress.hiddenColumns.length >= columnsOfFormat) return;
      this.#reading.progress.hiddenColumns.push(column - 1);
    }
  }
}

/** Cells whose text turned out to be empty leave nothing behind the last one that has a value. */
function withoutEmptyEnd(cells: Cell[]): void {
  while (cells.at(-1)?.kind === 'empty') cells.pop();
}
