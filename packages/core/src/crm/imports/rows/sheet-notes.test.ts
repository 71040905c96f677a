import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetParts } from '../../../../test-support/spreadsheets/parts.js';
import { zipOf } from '../../../../test-support/zip-of.js';
import { openRows } from './open-rows.js';
import type { ReadingNote } from './row-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-notes-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(
  parts: Readonly<Record<string, string>>,
): Promise<{ rows: string[]; notes: readonly ReadingNote[] }> {
  const file = join(folder, 'book.xlsx');
  await writeFile(file, zipOf(parts));
  const source = await openRows(file);
  const rows: string[] = [];
  for await (const row of source.rows({ sheet: 'S' })) {
    rows.push(`${row.rowNumber}: ${row.cells.map((cell) => cell.text).join('|')}`);
  }
  return { rows, notes: source.notes() };
}

const cell = (place: string, text: string): string => `<c r="${place}" t="str"><v>${text}</v></c>`;

/** A sheet with elements before and behind its rows. */
function sheet(before: string, data: string, behind: string): Record<string, string> {
  return sheetParts('', {
    'xl/worksheets/sheet1.xml': `<x:worksheet>${before}<x:sheetData>${data}</x:sheetData>${behind}</x:worksheet>`,
  });
}

describe('merged cells', () => {
  const rows =
    `<row r="1">${cell('A1', 'Leads of May')}</row>` +
    `<row r="2">${cell('A2', 'Name')}${cell('B2', 'Contact')}</row>` +
    `<row r="3">${cell('B3', 'Phone')}${cell('C3', 'Email')}</row>` +
    `<row r="4">${cell('A4', 'Asha')}${cell('B4', '98')}${cell('D4', 'Pune')}</row>` +
    `<row r="5">${cell('A5', 'Ravi')}${cell('B5', '97')}</row>` +
    `<row r="6">${cell('A6', 'Om')}${cell('D6', 'own')}</row>` +
    `<row r="7"></row><row r="8">${cell('A8', 'Uma')}</row>`;
  const merged = (areas: readonly string[]): string =>
    `<x:mergeCells count="9">${areas.map((area) => `<x:mergeCell ref="${area}"/>`).join('')}</x:mergeCells>`;

  it('give their value to the first column and to every row that has cells of its own', async () => {
    const { rows: read1, notes } = await read(sheet('', rows, merged(['D4:E7', 'A2:A3', 'A1:F1', 'B2:C2'])));
    expect(read1).toEqual([
      '1: Leads of May',
      '2: Name|Contact',
      '3: Name|Phone|Email',
      '4: Asha|98||Pune',
      '5: Ravi|97||Pune',
      '6: Om|||own',
      '8: Uma',
    ]);
    expect(notes).toEqual([
      {
        kind: 'merged-cells',
        sheet: 'S',
        count: 4,
        message: '4 merged areas: a value belongs to the first column of its area and to every row of it.',
      },
    ]);
  });

  it('are found wherever the end of the cells stands in the file', async () => {
    for (let fill = 65_400; fill < 65_560; fill += 7) {
      const filled = `<!--${'x'.repeat(fill)}-->`;
      const { rows: read1 } = await read(sheet(filled, rows, merged(['D4:D6'])));
      expect(read1.at(4)).toBe('5: Ravi|97||Pune');
    }
  });

  it('that overlap are refused', async () => {
    await expect(read(sheet('', rows, merged(['A4:A6', 'A5:A8'])))).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
      message: expect.stringMatching(/overlap/),
    });
  });
});

describe('what is hidden', () => {
  it('rows and columns are read and told; those without values are not worth telling', async () => {
    const columns =
      '<cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" hidden="true"/><col min="1" max="1"/></cols>';
    const rows =
      `<row r="1">${cell('A1', 'a')}${cell('D1', 'd')}</row><row r="2" hidden="1">${cell('A2', 'b')}</row>` +
      `<row r="3" hidden="true">${cell('A3', 'c')}</row><row r="4" hidden="0">${cell('A4', 'd')}</row><row r="5" hidden="1"/>`;
    const { rows: read1, notes } = await read(sheet(columns, rows, ''));
    expect(read1).toEqual(['1: a|||d', '2: b', '3: c', '4: d']);
    expect(notes.map(({ kind, count, message }) => [kind, count, message])).toEqual([
      ['hidden-rows', 2, '2 rows are hidden (a filter hides rows too) and read like the others.'],
      ['hidden-columns', 2, '2 columns are hidden and read like the others: B, C.'],
    ]);
  });

  it('sheets are told and not read', async () => {
    const parts = sheetParts(`<row>${cell('A1', 'a')}</row>`);
    const hidden =
      '<sheet name="Old &amp; gone" sheetId="2" state="hidden" r:id="rId1"/><sheet name="Deep" sheetId="3" state="veryHidden" r:id="rId1"/>';
    const book = parts['xl/workbook.xml']?.replace('<sheets>', `<sheets>${hidden}`) ?? '';
    const file = join(folder, 'hidden.xlsx');
    await writeFile(file, zipOf({ ...parts, 'xl/workbook.xml': book }));
    const source = await openRows(file);
    expect(source.sheets).toEqual(['S']);
    expect(source.notes().map(({ message }) => message)).toEqual([
      '2 hidden sheets are not read: "Old & gone", "Deep".',
    ]);
    await expect(source.rows({ sheet: 'Deep' })[Symbol.asyncIterator]().next()).rejects.toThrow(/hidden/);
  });
});
