import { appendFile, mkdtemp, open, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetParts } from '../../../../test-support/spreadsheets/parts.js';
import { zipOf } from '../../../../test-support/zip-of.js';
import { openRows } from './open-rows.js';
import { defaultRowLimits, type RowLimits, type SourceRow } from './row-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-bad-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(content: string | Uint8Array, name = 'file'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

async function rowsOf(content: string | Uint8Array, limits: Partial<RowLimits> = {}): Promise<SourceRow[]> {
  const source = await openRows(await fileOf(content), { ...defaultRowLimits, ...limits });
  const rows: SourceRow[] = [];
  for await (const row of source.rows({ sheet: source.sheets[0] ?? '' })) rows.push(row);
  await source.close();
  return rows;
}

const textsOf = (rows: readonly SourceRow[]): string[][] => rows.map((row) => row.cells.map((cell) => cell.text));
const bookOf = (data: string): Uint8Array => zipOf(sheetParts(data));
const oldWorkbook = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

describe('a file that is no table is refused and named', () => {
  it.each([
    ['empty', '', /empty/],
    ['a byte-order mark alone', '\uFEFF', /empty/],
    ['a mark of UTF-16 alone', Buffer.from([0xff, 0xfe]), /empty/],
    ['white space', ' \n\t\r\n ', /empty/],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x3e, 0]), /binary/],
    ['NUL bytes', Buffer.alloc(5_000), /binary/],
    ['text that ends in NUL bytes', Buffer.concat([Buffer.from('a,b\n1,2\n'), Buffer.alloc(3_000)]), /binary/],
    ['an old workbook', Buffer.concat([oldWorkbook, Buffer.alloc(600)]), /\.xls/],
    [
      'a workbook with a password',
      Buffer.concat([oldWorkbook, Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')]),
      /password/,
    ],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/],
    ['a web page named as a workbook', '<html><body><table><tr><td>1</td></tr></table></body></html>', /web page/],
    [
      'an XML workbook',
      '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
      /2003/,
    ],
    ['a JSON array', '[\n  {"a": 1}\n]', /JSON array/],
    ['JSON with line breaks', '{\n  "a": 1\n}', /one object a line/],
    ['a Parquet file', 'PAR1....', /Parquet/],
    ['an archive', zipOf({ 'notes.txt': 'x' }), /no workbook/],
    ['a binary workbook', zipOf({ '_rels/.rels': relationTo('xl/workbook.bin'), 'xl/workbook.bin': 'x' }), /\.xlsb/],
  ])('%s', async (_, content, message) => {
    await expect(rowsOf(content)).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
      message: expect.stringMatching(message),
    });
  });

  it('a missing file, by its path', async () => {
    const file = join(folder, 'none.csv');
    await expect(openRows(file)).rejects.toMatchObject({ code: 'IMPORT_FILE_UNREADABLE', path: file });
  });
});

function relationTo(target: string): string {
  return `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="${target}"/></Relationships>`;
}

describe('a file that is not what its name says', () => {
  it('is read as what it is', async () => {
    const book = await fileOf(bookOf('<row><c t="str"><v>a</v></c></row>'), 'book.csv');
    expect((await openRows(book)).form).toEqual({ format: 'xlsx' });
    const text = await fileOf('a\tb\n', 'text.xlsx');
    expect((await openRows(text)).form).toEqual({ format: 'csv', delimiter: '\t', encoding: 'utf-8' });
    const lines = await fileOf('{"a":1}\n', 'lines.csv');
    expect((await openRows(lines)).form).toEqual({ format: 'ndjson', encoding: 'utf-8' });
  });
});

describe('text with slips', () => {
  it('a header alone has one row', async () => {
    expect(textsOf(await rowsOf('name,phone'))).toEqual([['name', 'phone']]);
  });

  it('a NUL in one cell costs that cell, and is shown', async () => {
    const lines = Array.from({ length: 200 }, (_, index) => `name ${index},98`);
    lines[100] = 'Ra\0vi,98';
    const rows = await rowsOf(lines.join('\n'));
    expect(rows).toHaveLength(200);
    expect(rows[100]?.cells).toMatchObject([{ kind: 'error', value: 'unseen', text: 'Ra␀vi' }, { kind: 'text' }]);
  });

  it('a quote that nothing closes, or that stands by itself, costs its row alone', async () => {
    const rows = await rowsOf('n,p\n"Ravi,98\nAsha "the" Rao,97\n5" pipe,96\nOm,95\n');
    expect(textsOf(rows)).toEqual([
      ['n', 'p'],
      ['"Ravi', '98'],
      ['Asha "the" Rao', '97'],
      ['5" pipe', '96'],
      ['Om', '95'],
    ]);
  });

  it('a cell of 10 MB is too long, and its neighbours stay', async () => {
    const long = 'A'.repeat(10 * 1024 * 1024);
    const rows = await rowsOf(`a,b\n${long},1\n2,3\n`);
    expect(rows.map((row) => row.cells.map((cell) => [cell.kind, cell.text.length]))).toEqual([
      [
        ['text', 1],
        ['text', 1],
      ],
      [
        ['error', 32_768],
        ['text', 1],
      ],
      [
        ['text', 1],
        ['text', 1],
      ],
    ]);
  });

  it('a line without end is refused with its number', async () => {
    await expect(rowsOf(`a,b\n${'A'.repeat(17 * 1024 * 1024)}`)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: 'line 2',
    });
  });

  it('20,000 columns give one cell more than may be', async () => {
    const rows = await rowsOf(`${'a,'.repeat(20_000)}\n1,2\n`);
    expect(rows.map((row) => row.cells.length)).toEqual([defaultRowLimits.columns + 1, 2]);
  });

  it('more rows or cells than the limit are refused with the row', async () => {
    await expect(rowsOf('a\nb\nc\n', { rows: 2 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', path: 'row 3' });
    await expect(rowsOf('a,b\nc,d\n', { cells: 3 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', path: 'row 2' });
    await expect(rowsOf('{"a":1}\n{"a":1}\n', { cells: 1 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('headings like __proto__ and cells like formulas are texts', async () => {
    expect(textsOf(await rowsOf('__proto__,constructor\n=1+1,@SUM(A1)\n+1,-1\n'))).toEqual([
      ['__proto__', 'constructor'],
      ['=1+1', '@SUM(A1)'],
      ['+1', '-1'],
    ]);
    expect(textsOf(await rowsOf('{"__proto__":"a","constructor":"=1"}\n'))).toEqual([
      ['__proto__', 'constructor'],
      ['a', '=1'],
    ]);
  });
});

describe('workbooks with slips', () => {
  it('a dimension that is false changes nothing', async () => {
    const parts = sheetParts('<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row>');
    for (const dimension of ['A1:XFD1048576', 'A1', 'Z9:A1', '']) {
      const sheet = parts['xl/worksheets/sheet1.xml']?.replace(
        '<sheetData>',
        `<dimension ref="${dimension}"/><sheetData>`,
      );
      expect(textsOf(await rowsOf(zipOf({ ...parts, 'xl/worksheets/sheet1.xml': sheet ?? '' })))).toEqual([
        ['1', '', '2'],
      ]);
    }
  });

  it('20,000 columns are refused with the row', async () => {
    const cells = '<c><v>1</v></c>'.repeat(20_000);
    await expect(rowsOf(bookOf(`<row r="7">${cells}</row>`))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: 'row 7',
    });
  });

  it('one that inflates to gigabytes is refused by its ratio, before a row', async () => {
    const book = zipOf(sheetParts(`<row r="1"><c t="str"><v>${'A'.repeat(40 * 1024 * 1024)}</v></c></row>`));
    expect(book.length).toBeLessThan(100_000);
    await expect(openRows(await fileOf(book))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'unpackRatio' },
    });
  });

  it('more cells than the limit are refused', async () => {
    const book = bookOf(`<row r="1">${'<c/>'.repeat(100)}</row>`);
    await expect(rowsOf(book, { cells: 99 })).rejects.toMatchObject({ details: { limit: 'cells' }, path: 'row 1' });
  });

  it.each([
    ['rows of one number', '<row r="2"><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row>'],
    ['rows that go back', '<row r="5"><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row>'],
    ['a row number that is none', '<row r="x"><c><v>1</v></c></row>'],
    ['two cells of one place', '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'],
    ['cells that go back', '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>'],
    ['a reference that is none', '<row r="1"><c r="11"><v>1</v></c></row>'],
  ])('%s are refused: programs would disagree about them', async (_, data) => {
    await expect(rowsOf(bookOf(data))).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
      path: expect.stringMatching(/row \d/),
    });
  });

  it('cut off anywhere, a workbook is refused before its first row', async () => {
    const book = Buffer.from(bookOf('<row r="1"><c t="str"><v>Asha</v></c></row>'.repeat(1)));
    for (let length = 4; length < book.length; length += 37) {
      await expect(openRows(await fileOf(book.subarray(0, length)))).rejects.toMatchObject({
        code: 'IMPORT_FILE_UNREADABLE',
      });
    }
  });
});

describe('a file that changes while it is read', () => {
  const lines = Array.from({ length: 40_000 }, (_, index) => `name ${index},${index}\n`).join('');

  async function readWhile(file: string, change: () => Promise<void>): Promise<number> {
    const source = await openRows(file);
    let rows = 0;
    for await (const _ of source.rows({ sheet: source.sheets[0] ?? '' })) {
      rows += 1;
      if (rows === 10) await change();
    }
    return rows;
  }

  it.each([
    ['grows', (file: string) => appendFile(file, 'more,1\n')],
    ['shrinks', (file: string) => truncate(file, 700_000)],
    ['is written to', (file: string) => written(file)],
    ['is replaced', (file: string) => rm(file).then(() => writeFile(file, lines))],
  ])('is refused when it %s', async (how, change) => {
    const file = await fileOf(lines, 'changing.csv');
    await utimes(file, 1_000, 1_000);
    const reading = readWhile(file, () => change(file));
    // What was opened stays as it is; the next opening finds another file.
    if (how === 'is replaced') {
      await reading;
      const source = await openRows(file);
      await rm(file);
      await writeFile(file, lines);
      await expect(source.rows({ sheet: '' })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: 'IMPORT_FILE_CHANGED',
      });
    } else {
      await expect(reading).rejects.toMatchObject({ code: 'IMPORT_FILE_CHANGED', path: file, retryable: true });
    }
  });

  it('never gives the last row of it, which may be half of one', async () => {
    const file = await fileOf(`${lines}Asha,98765`, 'growing.csv');
    const source = await openRows(file);
    const names: string[] = [];
    await expect(
      (async () => {
        for await (const row of source.rows({ sheet: '' })) {
          if (names.length === 0) await appendFile(file, '43210\n');
          names.push(row.cells[0]?.text ?? '');
        }
      })(),
    ).rejects.toMatchObject({ code: 'IMPORT_FILE_CHANGED' });
    expect(names).not.toContain('Asha');
  });

  it('is refused where it is opened once more with what was found out before', async () => {
    const book = bookOf(`<row hidden="1"><c t="str"><v>a</v></c></row>`);
    for (const [name, content] of [
      ['again.csv', 'a,b\n'],
      ['again.ndjson', '{"a":1}\n'],
      ['again.xlsx', book],
    ] as const) {
      const file = await fileOf(content, name);
      const first = await openRows(file);
      const checked = structuredClone(first.checked);
      const second = await openRows(file, defaultRowLimits, undefined, checked);
      const rowsOfBoth = [];
      for (const source of [first, second]) {
        const rows: SourceRow[] = [];
        for await (const row of source.rows({ sheet: source.sheets[0] ?? '' })) rows.push(row);
        rowsOfBoth.push([source.form, source.notes(), rows]);
        await source.close();
      }
      expect(rowsOfBoth[1]).toEqual(rowsOfBoth[0]);
      await utimes(file, 1_000, 1_000);
      await expect(openRows(file, defaultRowLimits, undefined, checked)).rejects.toMatchObject({
        code: 'IMPORT_FILE_CHANGED',
      });
    }
  });

  it('is refused as changed, not as damaged, when it is a workbook', async () => {
    const data = Array.from({ length: 20_000 }, (_, index) => `<row><c><v>${Math.sin(index)}</v></c></row>`).join('');
    const file = await fileOf(bookOf(data), 'changing.xlsx');
    const bytes = await readFile(file);
    await expect(readWhile(file, () => writeFile(file, bytes.fill(7, 100, 90_000)))).rejects.toMatchObject({
      code: 'IMPORT_FILE_CHANGED',
    });
  });
});

/** Other bytes of the same length. */
async function written(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write('XXXX', 500_000);
  await handle.close();
}
