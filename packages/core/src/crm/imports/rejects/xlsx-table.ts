import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { diskFullError } from '../../../foundation/kernel/index.js';
import { reasonsHeading, rowHeading } from '../heading.js';
import type { Cell } from '../rows/index.js';
import type { TableWriter } from './table-writer.js';

const longestCell = 32_767;
/** Before it spreadsheets count days in ways of their own. */
const firstCommonDay = Date.UTC(1900, 2, 1);

/** Writes a workbook row by row. Text is written as text, so nothing in it runs as a formula. */
export async function openXlsxTable(file: string, headings: readonly string[]): Promise<TableWriter> {
  const { default: excel } = await import('exceljs');
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const failed = finished(stream).then(
    () => undefined,
    (cause: unknown) => {
      throw diskFullError(cause, 'The reject file');
    },
  );
  // Thrown by `row` or `close`; until then it must not count as unhandled.
  failed.catch(() => undefined);
  const book = new excel.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false });
  const sheet = book.addWorksheet('Rejects');
  sheet.addRow([...headings, reasonsHeading, rowHeading].map(writtenText)).commit();
  return {
    async row({ cells, reasons, rowNumber, extra }) {
      if (stream.errored !== null) await failed;
      const texts = extra.map((cell) => writtenText(cell.text));
      const row = sheet.addRow([...cells.map(excelValue), writtenText(reasons), rowNumber, ...texts]);
      for (const [at, cell] of cells.entries()) {
        if (cell.kind !== 'date') continue;
        row.getCell(at + 1).numFmt = cell.text.length > 10 ? 'dd/mm/yyyy hh:mm:ss' : 'dd/mm/yyyy';
      }
      row.commit();
    },
    async close() {
      sheet.commit();
      // A workbook whose stream failed never ends.
      await Promise.race([book.commit(), failed]);
      await failed;
    },
    async abandon() {
      stream.destroy();
      await failed.catch(() => undefined);
    },
  };
}

function excelValue(cell: Cell): string | number | boolean | Date | null {
  if (cell.kind === 'date') return cell.value.getTime() < firstCommonDay ? cell.text : cell.value;
  // The beginning of a text that was too long would be taken for the whole of it.
  if (cell.kind === 'error' && cell.value === 'too-long') return '#VALUE!';
  return cell.kind === 'error' || cell.kind === 'text' ? writtenText(cell.text) : cell.value;
}

/** What XML cannot hold, and what would be read as such, in the spelling of the format (ECMA-376 part 1, §22.9.2.19). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwritable = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[\da-f]{4}_)/gi;

function writtenText(text: string): string {
  return text
    .slice(0, longestCell)
    .toWellFormed()
    .replace(unwritable, (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}
