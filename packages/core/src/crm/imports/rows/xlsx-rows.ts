import { createReadStream } from 'node:fs';
import type { Row } from 'exceljs';
import { LmsError } from '../../../foundation/kernel/index.js';
import { emptyCell, isEmptyRow } from './cells.js';
import type { Cell, ReadRowsOptions, RowLimits, RowSource, SourceRow } from './row-source.js';
import { beyondLimit, unreadable } from './unreadable.js';
import { type CellReading, xlsxCell } from './xlsx-cell.js';
import { checkWorkbook } from './xlsx-workbook.js';

export interface XlsxFile {
  readonly file: string;
  readonly totalBytes: number;
  readonly limits: RowLimits;
}

/**
 * A workbook as rows. Checks the whole file first, so that damage shows before a row is taken.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`
 */
export async function xlsxRows(xlsx: XlsxFile): Promise<RowSource> {
  const sheets = await checkWorkbook(xlsx.file, xlsx.totalBytes, xlsx.limits);
  let bytesRead = (): number => 0;
  return {
    form: { format: 'xlsx' },
    sheets,
    totalBytes: xlsx.totalBytes,
    bytesRead: () => bytesRead(),
    rows(options) {
      const stream = createReadStream(xlsx.file);
      bytesRead = () => stream.bytesRead;
      return sheetRows(xlsx, stream, options);
    },
  };
}

async function* sheetRows(
  xlsx: XlsxFile,
  stream: ReturnType<typeof createReadStream>,
  options: ReadRowsOptions,
): AsyncGenerator<SourceRow> {
  let rowNumber = 0;
  try {
    // Loaded here and nowhere else: reading csv, and importing this package, must not load it.
    const { default: excel } = await import('exceljs');
    const reader = new excel.stream.xlsx.WorkbookReader(stream, {
      worksheets: 'emit',
      sharedStrings: 'cache',
      styles: 'cache',
      hyperlinks: 'ignore',
      entries: 'ignore',
    });
    for await (const sheet of reader) {
      if (nameOf(sheet) !== options.sheet) continue;
      const reading: CellReading = { mostCharacters: xlsx.limits.cellLength, date1904: countsFrom1904(reader) };
      for await (const row of sheet) {
        rowNumber = Number.isSafeInteger(row.number) ? row.number : rowNumber + 1;
        if (rowNumber > xlsx.limits.rows) {
          throw beyondLimit(`The sheet has more than ${xlsx.limits.rows} rows.`, 'rows', xlsx.limits.rows);
        }
        options.signal?.throwIfAborted();
        const cells = cellsOf(row, xlsx.limits.columns, reading);
        if (!isEmptyRow(cells)) yield { rowNumber, cells };
      }
      return;
    }
  } catch (error) {
    if (LmsError.isInstance(error) || options.signal?.aborted === true) throw error;
    throw unreadable(
      `Sheet "${options.sheet}" cannot be read after row ${rowNumber}; open the file in a spreadsheet program and save it again.`,
      { path: `sheet "${options.sheet}", row ${rowNumber + 1}`, cause: error },
    );
  } finally {
    stream.destroy();
  }
}

/** exceljs sets the sheet's name on the reader; its types leave it out. */
function nameOf(sheet: object): string | undefined {
  return 'name' in sheet && typeof sheet.name === 'string' ? sheet.name : undefined;
}

function countsFrom1904(reader: object): boolean {
  const properties = 'properties' in reader ? reader.properties : undefined;
  const model =
    typeof properties === 'object' && properties !== null && 'model' in properties ? properties.model : undefined;
  return typeof model === 'object' && model !== null && 'date1904' in model && model.date1904 === true;
}

/** One cell more than the limit is kept, so that whoever reads sees that the row is too long. */
function cellsOf(row: Row, mostColumns: number, reading: CellReading): Cell[] {
  const cells: Cell[] = [];
  row.eachCell({ includeEmpty: false }, (cell, column) => {
    if (column > mostColumns + 1) return;
    while (cells.length < column - 1) cells.push(emptyCell);
    cells.push(xlsxCell(cell, reading));
  });
  return cells;
}
