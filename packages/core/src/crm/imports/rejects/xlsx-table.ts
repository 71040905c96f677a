import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Cell } from '../rows/index.js';
import type { TableWriter } from './table-writer.js';

const longestCell = 32_767;

/** Writes a workbook row by row. Text is written as text, so nothing in it runs as a formula. */
export async function openXlsxTable(file: string): Promise<TableWriter> {
  const { default: excel } = await import('exceljs');
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const done = finished(stream);
  // The failure is thrown by `close`; until then it must not count as unhandled.
  done.catch(() => undefined);
  const book = new excel.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false });
  const sheet = book.addWorksheet('Rejects');
  return {
    async row(cells, added) {
      const row = sheet.addRow([
        ...cells.map(excelValue),
        ...added.map((one) => (typeof one === 'string' ? one.slice(0, longestCell) : one)),
      ]);
      for (const [at, cell] of cells.entries()) {
        if (cell.kind === 'date')
          row.getCell(at + 1).numFmt = cell.text.length > 10 ? 'dd/mm/yyyy hh:mm:ss' : 'dd/mm/yyyy';
      }
      row.commit();
    },
    async close() {
      sheet.commit();
      await book.commit();
      await done;
    },
  };
}

function excelValue(cell: Cell): string | number | boolean | Date | null {
  return cell.kind === 'error' ? cell.text.slice(0, longestCell) : cell.value;
}
