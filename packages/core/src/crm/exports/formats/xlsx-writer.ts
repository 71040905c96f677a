import { type BusinessTime, columnLetter, LmsError } from '../../../foundation/kernel/index.js';
import type { ExportCell } from '../columns/export-cell.js';
import type { ByteSink, TableWriter } from './table-writer.js';
import { cellXml, textXml } from './xlsx-cells.js';
import { cellStyles, fixedParts, sheetEnd, sheetPart, sheetStart } from './xlsx-parts.js';
import { type ZipPart, ZipWriter } from './zip-writer.js';

/** A sheet has so many rows, one of them the heading. */
export const mostSheetRows = 1_048_576;
const mostColumns = 16_384;

/**
 * Writes a workbook with one sheet, row by row, in memory that does not grow: numbers and dates as such, all else as text.
 * @throws LmsError `LIMIT_EXCEEDED` beyond what a sheet holds
 */
export function xlsxWriter(sink: ByteSink, time: BusinessTime): TableWriter {
  const zip = new ZipWriter(sink);
  let sheet: ZipPart | null = null;
  let letters: readonly string[] = [];
  let written = 0;
  const rowXml = (cells: readonly string[]): string => `<row r="${written}">${cells.join('')}</row>`;
  const toSheet = async (xml: string): Promise<void> => {
    if (sheet === null) throw new LmsError('INTERNAL', { message: 'the sheet has no heading yet' });
    await sheet.write(xml);
  };
  return {
    async head(headings) {
      if (headings.length > mostColumns) throw beyond(`${headings.length} columns`, `${mostColumns}`);
      for (const [name, text] of fixedParts) await zip.add(name, text);
      letters = headings.map((_, at) => columnLetter(at));
      sheet = await zip.begin(sheetPart);
      written = 1;
      const cells = headings.map((heading, at) => textXml(`${letters[at]}1`, heading, cellStyles.heading));
      await toSheet(sheetStart(headings.length) + rowXml(cells));
    },
    async rows(rows) {
      let xml = '';
      for (const cells of rows) {
        written += 1;
        if (written > mostSheetRows) throw beyond('more leads', `${mostSheetRows - 1} rows`);
        xml += rowXml(cells.map((cell: ExportCell, at) => cellXml(`${letters[at]}${written}`, cell, time)));
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
export function beyond(what: string, holds: string): LmsError {
  return new LmsError('LIMIT_EXCEEDED', {
    message: `there are ${what}, and a sheet of a workbook holds ${holds}; narrow the filter, or export csv or ndjson`,
  });
}
