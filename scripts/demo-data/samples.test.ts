import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import excel from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inWorkspace } from '../workspace.ts';
import { csvSample, type Sample, workbookSample } from './samples.ts';
import { writeCsv, writeWorkbook } from './write-samples.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-samples-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Every cell of a workbook with its value and format. */
async function cellsOf(file: string): Promise<unknown[]> {
  const book = new excel.Workbook();
  await book.xlsx.readFile(file);
  const cells: unknown[] = [];
  for (const sheet of book.worksheets) {
    sheet.eachRow((row) => row.eachCell((cell) => cells.push([cell.address, cell.value, cell.numFmt])));
  }
  return cells;
}

describe('sample data', () => {
  it('is in the repository as the script makes it: the workbook', async () => {
    const again = join(folder, 'leads.xlsx');
    await writeWorkbook(again, workbookSample());
    const cells = await cellsOf(again);
    expect(cells.length).toBeGreaterThan(15_000);
    expect(await cellsOf(inWorkspace('examples', 'data', 'leads.xlsx'))).toEqual(cells);
  });

  it('is in the repository as the script makes it: the csv file', async () => {
    const again = join(folder, 'leads.csv');
    await writeCsv(again, csvSample());
    expect(await readFile(inWorkspace('examples', 'data', 'leads.csv'), 'utf8')).toBe(await readFile(again, 'utf8'));
  });

  it.each<[string, () => Sample]>([
    ['workbook', workbookSample],
    ['csv', csvSample],
  ])('holds as many rows of each kind as it says: %s', (_, sample) => {
    const { rows, size } = sample();
    const count = (kind: string): number => rows.filter(({ verdict }) => verdict.kind === kind).length;
    expect(rows.length).toBe(size.rows);
    expect(count('rejected')).toBe(size.rejected);
    expect(count('duplicate')).toBe(size.duplicates);
  });
});
