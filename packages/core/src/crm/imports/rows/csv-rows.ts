import { isErrorMark, unmarkedText } from '../../../foundation/kernel/index.js';
import { isEmptyRow, textCell } from './cells.js';
import { type CsvDialect, guessDialect } from './csv-dialect.js';
import { cellsOfRecord } from './csv-record.js';
import { QuoteMender } from './mend-quotes.js';
import type { Cell, RowLimits, RowSource, SourceRow } from './row-source.js';
import { type TextFile, textSource } from './text-source.js';
import { beyondLimit } from './unreadable.js';

/** A csv file as rows: comma, semicolon, tab or bar; quotes mended; short and long rows as they are. */
export function csvRows(text: TextFile): RowSource {
  const dialect = guessDialect(text.sample);
  const { encoding } = text.encoding;
  return textSource(text, {
    form: { format: 'csv', delimiter: dialect.delimiter, encoding },
    oldMac: dialect.oldMac,
    keys: null,
    reader: () => new CsvReader(dialect, text.limits),
  });
}

/** Turns the lines of one reading into rows. */
class CsvReader {
  readonly #dialect: CsvDialect;
  readonly #limits: RowLimits;
  readonly #mender: QuoteMender;
  #rowNumber = 0;
  #cellCount = 0;
  #isFirst = true;

  constructor(dialect: CsvDialect, limits: RowLimits) {
    this.#dialect = dialect;
    this.#limits = limits;
    this.#mender = new QuoteMender(dialect.delimiter);
  }

  push(lines: string[]): SourceRow[] {
    if (this.#isFirst && /^"?sep=.?"?$/i.test(lines[0] ?? '')) lines.shift();
    this.#isFirst = false;
    return this.#rows(this.#mender.push(lines));
  }

  end(): SourceRow[] {
    return this.#rows(this.#mender.end());
  }

  #rows(records: readonly string[]): SourceRow[] {
    const rows: SourceRow[] = [];
    for (const record of records) {
      this.#rowNumber += 1;
      const cells = this.#cells(record);
      this.#requireWithinLimits(cells.length);
      if (!isEmptyRow(cells)) rows.push({ rowNumber: this.#rowNumber, cells });
    }
    return rows;
  }

  /** One cell more than the limit is kept, so that whoever reads sees that the row is too long. */
  #cells(record: string): Cell[] {
    const texts = cellsOfRecord(record, this.#dialect.delimiter, this.#limits.columns + 1);
    const most = this.#limits.cellLength;
    return texts.map((text) => (isPlain(text) ? textCell(text, most) : markedCell(text, most)));
  }

  #requireWithinLimits(cells: number): void {
    const limits = this.#limits;
    this.#cellCount += cells;
    const path = `row ${this.#rowNumber}`;
    if (this.#rowNumber > limits.rows) {
      throw beyondLimit(`The file has more than ${limits.rows} rows.`, 'rows', limits.rows, path);
    }
    if (this.#cellCount > limits.cells) {
      throw beyondLimit(`The file has more than ${limits.cells} cells.`, 'cells', limits.cells, path);
    }
  }
}

/** Whether the text is sure to mean itself, as nearly every text is. */
function isPlain(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 48 && code !== 61;
}

/**
 * Marks with which a csv file tells a spreadsheet program that a cell is text: `="0987"`, and `'+91 98200` or `'=1+1` (as the
 * reject file writes it).
 */
function markedCell(written: string, mostCharacters: number): Cell {
  const inFormula = /^="([^"]*)"$/.exec(written)?.[1];
  const { text, isMarked } = inFormula === undefined ? unmarkedText(written) : { text: inFormula, isMarked: true };
  if (!isMarked && isErrorMark(text)) return { kind: 'error', text: text.trim(), value: 'formula' };
  return textCell(text, mostCharacters);
}
