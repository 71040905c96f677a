import exceljs from 'exceljs';
import { beSubject } from '../kit/subject.ts';
import { type RowsTiming, startClocks } from '../kit/timing.ts';
import type { ReadRowsSettings } from './read-rows-with-sdk.ts';

/** exceljs's streaming reader alone: the values of every row, shared strings looked up, and nothing done with them. */
await beSubject<ReadRowsSettings, RowsTiming>(async ({ file }) => {
  const elapsed = startClocks();
  const workbook = new exceljs.stream.xlsx.WorkbookReader(file, {
    entries: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    worksheets: 'emit',
    hyperlinks: 'ignore',
  });
  let rows = -1;
  let cells = 0;
  for await (const sheet of workbook) {
    for await (const row of sheet) {
      rows += 1;
      if (Array.isArray(row.values)) cells += row.values.length;
    }
  }
  if (cells === 0) throw new Error('exceljs found no cell');
  return { rows, ...elapsed() };
});
