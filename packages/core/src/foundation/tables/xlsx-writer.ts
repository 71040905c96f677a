import { columnLetter, LmsError } from '../kernel/index.js';
import type { TableCell } from './table-cell.js';
import type { ByteSink, TableWriter } from './table-writer.js';
import { cellXml, textXml } from './xlsx-cells.js';
import { cellStyles, fixedParts, sheetEnd, sheetPart, sheetStart, workbookPart } from './xlsx-parts.js';
import { type ZipPart, ZipWriter } from './zip-writer.js';

/** A sheet has so many rows, one of them the heading. */
export const mostSheetRows = 1_048_576;
const mostColumns = 16_384;

export interface XlsxOptions {
  /** The name of the sheet: letters, digits and spaces. */
  readonly sheet: string;
}

/**
 * Writes a workbook with one sheet, row by row, in memory that does not grow: numbers and dates as such, all else as text.
 * @throws LmsError `LIMIT_EXCEEDED` beyond what a sheet holds
 */
export function xlsxWriter(sink: ByteSink, options: XlsxOptions): TableWriter {
  const zip = new ZipWriter(sink);
  let sheet: ZipPart | null = null;
  const letters: string[] = [];
  let written = 0;
  const reference = (at: number): string => {
    letters[at] ??= columnLetter(at);
    return `${letters[at]}${written}`;
  };
  const rowXml = (cells: readonly string[]): string => {
    if (cells.length > mostColumns) throw beyondSheet(`${cells.length} columns`, `${mostColumns}`);
    return `<row r="${written}">${cells.join('')}</row>`;
  };
  const toSheet = async (xml: string): Promise<void> => {
    if (sheet === null) throw new LmsError('INTERNAL', { message: 'the sheet has no heading yet' });
    await sheet.write(xml);
  };
  return {
    async head(headings) {
      written = 1;
      const row = rowXml(headings.map((heading, at) => textXml(reference(at), heading, cellStyles.heading)));
      for (const [name, text] of [...fixedParts, workbookPart(options.sheet)]) await zip.add(name, text);
      sheet = await zip.begin(sheetPart);
      await toSheet(sheetStart(headings.length) + row);
    },
    async rows(rows) {
      let xml = '';
      for (const cells of rows) {
        written += 1;
        if (written > mostSheetRows) throw beyondSheet('more rows', `${mostSheetRows - 1} below its heading`);
        xml += rowXml(cells.map((cell: TableCell, at) => cellXml(reference(at), cell)));
      }
      await toSheet(xml);
    },
    async end() {
      await toSheet(sheetEnd);
      await sheet?.end();
      await zip.end();
    },
  };
}

/** The error of a table that no sheet holds. */
export function beyondSheet(what: string, holds: string): LmsError {
  return new LmsError('LIMIT_EXCEEDED', {
    message: `there are ${what}, and a sheet of a workbook holds ${holds}; take fewer, or write csv or ndjson`,
  });
}
