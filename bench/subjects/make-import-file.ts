import { writeCsv } from '../data/csv-file.ts';
import { type TableName, tables } from '../data/import-rows.ts';
import { writeXlsx } from '../data/xlsx-file.ts';
import { beSubject } from '../kit/subject.ts';

export interface ImportFileSettings {
  readonly table: TableName;
  readonly format: 'csv' | 'xlsx';
  readonly rows: number;
  readonly file: string;
}

/** In a process of its own, so that the memory it takes is not the measurement's. */
await beSubject<ImportFileSettings, null>(async ({ table, format, rows, file }) => {
  const write = format === 'csv' ? writeCsv : writeXlsx;
  await write(file, tables[table], rows);
  return null;
});
