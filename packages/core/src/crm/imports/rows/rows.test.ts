import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import excel from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRows } from './open-rows.js';
import { defaultRowLimits, type RowLimits, type SourceRow } from './row-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

async function rowsOf(file: string, options: { sheet?: string; limits?: RowLimits } = {}): Promise<SourceRow[]> {
  const source = await openRows(file, options.limits);
  const rows: SourceRow[] = [];
  for await (const row of source.rows({ sheet: options.sheet ?? source.sheets[0] ?? '' })) rows.push(row);
  return rows;
}

function textsOf(rows: readonly SourceRow[]): string[][] {
  return rows.map((row) => row.cells.map((cell) => cell.text));
}

async function workbook(name: string, fill: (sheet: excel.Worksheet, book: excel.Workbook) => void): Promise<string> {
  const book = new excel.Workbook();
  fill(book.addWorksheet('Leads'), book);
  const file = join(folder, name);
  await book.xlsx.writeFile(file);
  return file;
}

describe('csv rows', () => {
  it.each([
    ['comma', 'a,b\n1,2\n'],
    ['semicolon', 'a;b\r\n1;2\r\n'],
    ['tab', 'a\tb\n1\t2'],
    ['bar, with a byte-order mark', '\uFEFFa|b\n1|2'],
    ['old Mac line ends', 'a,b\r1,2\r'],
    ['a sep= line', 'sep=;\na;b\n1;2\n'],
  ])('reads %s', async (name, text) => {
    const file = await fileOf(`${name.replace(/\W/g, '')}.csv`, text);
    expect(textsOf(await rowsOf(file))).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('reads UTF-16 as spreadsheet programs save it', async () => {
    const file = await fileOf('utf16.csv', Buffer.from('\uFEFFनाम\tb\nरवि\t2\n', 'utf16le'));
    expect(textsOf(await rowsOf(file))).toEqual([
      ['नाम', 'b'],
      ['रवि', '2'],
    ]);
  });

  it('counts empty rows and leaves them out; keeps short and long rows apart', async () => {
    const rows = await rowsOf(await fileOf('ragged.csv', 'a,b,c\n\n1\n1,2,3,4\n , ,\nx,y,z\n'));
    expect(rows.map((row) => [row.rowNumber, row.cells.length])).toEqual([
      [1, 3],
      [3, 1],
      [4, 4],
      [6, 3],
    ]);
  });

  it('marks error cells and cells that are too long without losing the row', async () => {
    const limits = { ...defaultRowLimits, cellLength: 5 };
    const [row] = await rowsOf(await fileOf('errors.csv', '#N/A,abcdef,ok\n'), { limits });
    expect(row?.cells.map((cell) => [cell.kind, cell.value])).toEqual([
      ['error', 'formula'],
      ['error', 'too-long'],
      ['text', 'ok'],
    ]);
  });

  it('reads a large file in order and can be left early', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index},"name ${index}"`);
    const source = await openRows(await fileOf('large.csv', lines.join('\n')));
    let seen = 0;
    for await (const row of source.rows({ sheet: '' })) {
      expect(row.cells[0]?.text).toBe(String(seen));
      seen += 1;
      if (seen === 20_000) break;
    }
    expect(source.bytesRead()).toBeLessThanOrEqual(source.totalBytes);
    expect(seen).toBe(20_000);
  });
});

describe('xlsx rows', () => {
  it('gives each cell as it shows, with its type', async () => {
    const file = await workbook('kinds.xlsx', (sheet) => {
      const row = sheet.addRow([
        'Asha',
        9876543210,
        new Date(Date.UTC(1990, 4, 17)),
        new Date(Date.UTC(2026, 0, 2, 9, 30)),
        0.14,
        { formula: 'A1', result: 'cached' },
        { error: '#N/A' },
        true,
        { richText: [{ text: 'two ' }, { text: 'runs' }] },
        { text: 'a@b.in', hyperlink: 'mailto:a@b.in' },
        0.1 + 0.2,
        1.5e-7,
      ]);
      row.getCell(3).numFmt = 'dd-mmm-yyyy';
      row.getCell(4).numFmt = 'dd/mm/yyyy hh:mm';
      row.getCell(5).numFmt = '0.0%';
    });
    const [row] = await rowsOf(file);
    expect(row?.cells.map((cell) => [cell.kind, cell.text])).toEqual([
      ['text', 'Asha'],
      ['number', '9876543210'],
      ['date', '1990-05-17'],
      ['date', '2026-01-02 09:30:00'],
      ['number', '14'],
      ['text', 'cached'],
      ['error', '#N/A'],
      ['boolean', 'true'],
      ['text', 'two runs'],
      ['text', 'a@b.in'],
      ['number', '0.3'],
      ['number', '0.00000015'],
    ]);
  });

  it('reads dates and errors that formulas calculated', async () => {
    const file = await workbook('formulas.xlsx', (sheet) => {
      const row = sheet.addRow([{ formula: 'TODAY()', result: new Date(Date.UTC(2026, 0, 31)) }, { formula: 'B9' }]);
      row.getCell(1).numFmt = 'dd/mm/yyyy';
    });
    const [row] = await rowsOf(file);
    expect(row?.cells.map((cell) => [cell.kind, cell.text, cell.value === 'no-value'])).toEqual([
      ['date', '2026-01-31', false],
      ['error', '=', true],
    ]);
  });

  it('is told by its content: a workbook named .csv, a table named .xlsx', async () => {
    const book = await readFile(await workbook('real.xlsx', (sheet) => sheet.addRow(['a', 'b'])));
    expect(textsOf(await rowsOf(await fileOf('really-xlsx.csv', book)))).toEqual([['a', 'b']]);
    expect(textsOf(await rowsOf(await fileOf('really-csv.xlsx', 'a,b\n')))).toEqual([['a', 'b']]);
  });

  it('lists visible sheets only, in the order of the tabs, and reads the one asked for', async () => {
    const file = await workbook('sheets.xlsx', (sheet, book) => {
      sheet.addRow(['first']);
      book.addWorksheet('Secret', { state: 'hidden' }).addRow(['hidden']);
      book.addWorksheet('Q&A "2"').addRow(['third']);
    });
    expect((await openRows(file)).sheets).toEqual(['Leads', 'Q&A "2"']);
    expect(textsOf(await rowsOf(file, { sheet: 'Q&A "2"' }))).toEqual([['third']]);
  });

  it('keeps the row numbers of the spreadsheet', async () => {
    const file = await workbook('numbers.xlsx', (sheet) => {
      sheet.getCell('A3').value = 'x';
      sheet.getCell('C7').value = 'y';
    });
    const rows = await rowsOf(file);
    expect(rows.map((row) => row.rowNumber)).toEqual([3, 7]);
    expect(textsOf(rows)).toEqual([['x'], ['', '', 'y']]);
  });

  it('refuses a file that was cut off or changed, before any row', async () => {
    const book = await readFile(
      await workbook('whole.xlsx', (sheet) => {
        for (let row = 0; row < 500; row += 1) sheet.addRow([`name ${row}`, row, Math.sin(row)]);
      }),
    );
    const cut = await fileOf('cut.xlsx', book.subarray(0, book.length / 2));
    await expect(openRows(cut)).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
      path: expect.stringMatching(/byte/),
    });
    const at = book.indexOf('xl/worksheets/sheet1.xml') + 200;
    const changed = Buffer.from(book);
    changed.fill(0x55, at, at + 40);
    await expect(openRows(await fileOf('changed.xlsx', changed))).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
      path: 'xl/worksheets/sheet1.xml',
    });
  });

  it('refuses an archive that unpacks to more than the limit, whatever it claims', async () => {
    const file = await workbook('bomb.xlsx', (sheet) => {
      for (let row = 0; row < 2_000; row += 1) sheet.addRow(['same text', 'same text', 'same text']);
    });
    const limits = { ...defaultRowLimits, unpackedBytes: 50_000 };
    await expect(openRows(file, limits)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'unpackedBytes' },
    });
  });
});

describe('csv cells marked as text for a spreadsheet program', () => {
  it('are the text alone', async () => {
    const lines = ['phone,note', `="0982001",'+91 98`, `"=""0982002""",'90`, "=A1,O'Brien"];
    const rows = await rowsOf(await fileOf('marked.csv', lines.join('\n')));
    expect(rows.slice(1).map((row) => row.cells.map((cell) => cell.text))).toEqual([
      ['0982001', '+91 98'],
      ['0982002', '90'],
      ['=A1', "O'Brien"],
    ]);
  });
});

describe('files that are no table', () => {
  it.each([
    ['an empty file', new Uint8Array(0), /empty/],
    ['binary data', new Uint8Array([1, 2, 0, 4, 250, 251]), /binary/],
    ['an old workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0]), /\.xls/],
    ['a PDF', new TextEncoder().encode('%PDF-1.7 ...'), /PDF/],
  ])('refuses %s by name', async (name, bytes, message) => {
    const file = await fileOf(`${name.replace(/\W/g, '')}.xlsx`, bytes);
    await expect(openRows(file)).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a missing file, a folder, and a file beyond a limit', async () => {
    await expect(openRows(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'IMPORT_FILE_UNREADABLE' });
    await expect(openRows(folder)).rejects.toMatchObject({ code: 'IMPORT_FILE_UNREADABLE' });
    const file = await fileOf('three.csv', 'a\nb\nc\n');
    await expect(openRows(file, { ...defaultRowLimits, fileBytes: 3 })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
    await expect(rowsOf(file, { limits: { ...defaultRowLimits, rows: 2 } })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });
});
