import { writeFile } from 'node:fs/promises';
import excel from 'exceljs';
import { headings } from './sample-row.ts';
import type { Sample } from './samples.ts';
import type { SampleCell } from './spellings.ts';

/** Writes a sample as people send it: titles, an empty row, the header, rows with a few empty ones between. */
export async function writeWorkbook(file: string, sample: Sample): Promise<void> {
  const book = new excel.Workbook();
  book.creator = 'LMS sample data';
  book.created = new Date(Date.UTC(2026, 10, 21));
  book.modified = book.created;
  const sheet = book.addWorksheet('Leads', { views: [{ state: 'frozen', ySplit: sample.titles.length + 2 }] });
  for (const title of sample.titles) sheet.addRow([title]).font = { bold: true };
  sheet.addRow([]);
  const header = sheet.addRow([...headings]);
  header.font = { bold: true };
  header.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFDDEBF7' } };
  for (const [at, { row }] of sample.rows.entries()) {
    if (at > 0 && at % 300 === 0) sheet.addRow([]);
    const line = sheet.addRow([]);
    for (const [column, heading] of headings.entries()) fillCell(line.getCell(column + 1), row[heading]);
  }
  for (const column of sheet.columns) column.width = 16;
  await book.xlsx.writeFile(file);
}

function fillCell(cell: excel.Cell, sample: SampleCell): void {
  if (sample === null || typeof sample !== 'object') {
    cell.value = sample;
  } else if ('date' in sample) {
    cell.value = sample.date;
    cell.numFmt = sample.format;
  } else if ('percent' in sample) {
    cell.value = sample.percent;
    cell.numFmt = '0.00%';
  } else {
    cell.value = { error: sample.error };
  }
}

export async function writeCsv(file: string, sample: Sample): Promise<void> {
  const lines = sample.rows.map(({ row }) => headings.map((heading) => csvCell(textOf(row[heading]))).join(','));
  await writeFile(file, `${[headings.join(','), ...lines].join('\r\n')}\r\n`);
}

/** What a spreadsheet program writes for the cell. */
function textOf(sample: SampleCell): string {
  if (sample === null) return '';
  if (typeof sample !== 'object') return String(sample);
  if ('date' in sample) return sample.date.toISOString().slice(0, 10).split('-').reverse().join('/');
  return 'percent' in sample ? `${Number((sample.percent * 100).toFixed(2))}%` : sample.error;
}

function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
