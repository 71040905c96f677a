import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetParts } from '../../../../test-support/spreadsheets/parts.js';
import { zipOf } from '../../../../test-support/zip-of.js';
import { openRows } from './open-rows.js';
import { defaultRowLimits } from './row-source.js';
import { meaningOfCode } from './xlsx-styles.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-xlsx-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: Readonly<Record<string, string>>): Promise<[number, string[]][]> {
  const file = join(folder, 'book.xlsx');
  await writeFile(file, zipOf(content));
  const source = await openRows(file);
  const rows: [number, string[]][] = [];
  for await (const row of source.rows({ sheet: 'S' })) {
    rows.push([
      row.rowNumber,
      row.cells.map((cell) => (cell.kind === 'text' ? cell.text : `${cell.kind} ${cell.text}`)),
    ]);
  }
  return rows;
}

const styles =
  '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="14"/></cellXfs></styleSheet>';

describe('workbooks of every writer', () => {
  it('rows and cells without references follow the one before', async () => {
    const data = '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>';
    expect(await read(sheetParts(data))).toEqual([
      [1, ['number 1', 'empty ', 'empty ', 'number 2', 'number 3']],
      [3, ['number 4']],
    ]);
  });

  it('texts in the cell, in runs, with phonetic guides and escaped characters', async () => {
    const data =
      '<row r="1"><c t="inlineStr"><is><r><t>two </t></r><r><t xml:space="preserve">runs</t></r><rPh><t>x</t></rPh></is></c>' +
      '<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="str"><f>A1</f><v>a_x000D_&amp;b</v></c><c t="s"><v>9</v></c></row>';
    const strings = '<sst><si><t>plain</t></si><si><r><t>Asha</t></r><r><t> Rao</t></r><rPh><t>no</t></rPh></si></sst>';
    expect(await read(sheetParts(data, { 'xl/sharedStrings.xml': strings }))).toEqual([
      [1, ['two runs', 'plain', 'Asha Rao', 'a\r&b', 'error 9']],
    ]);
  });

  it('results of formulas by their type: dates, errors, yes and no, nothing', async () => {
    const data =
      '<row r="1"><c s="1"><f>TODAY()</f><v>46053</v></c><c t="e"><f>VLOOKUP(1)</f><v>#N/A</v></c><c t="b"><f>1=1</f><v>1</v></c>' +
      '<c><f>A9</f></c><c s="2"><f>B9</f><v>0.1275</v></c><c t="str"><f>C9</f><v></v></c><c s="1"/></row>';
    expect(await read(sheetParts(data, { 'xl/styles.xml': styles }))).toEqual([
      [1, ['date 2026-01-31', 'error #N/A', 'boolean true', 'error =', 'number 12.75']],
    ]);
  });

  it('dates as serials before and after the leap day that never was, from 1904, and as ISO text', async () => {
    const data =
      '<row r="1"><c s="3"><v>1</v></c><c s="3"><v>59</v></c><c s="3"><v>61</v></c><c t="d"><v>2026-01-31T09:30:00</v></c><c t="d"><v>2026-01-31</v></c></row>';
    expect(await read(sheetParts(data, { 'xl/styles.xml': styles }))).toEqual([
      [1, ['date 1900-01-01', 'date 1900-02-28', 'date 1900-03-01', 'date 2026-01-31 09:30:00', 'date 2026-01-31']],
    ]);
    const old = sheetParts('<row r="1"><c s="3"><v>0</v></c></row>', { 'xl/styles.xml': styles });
    const from1904 = old['xl/workbook.xml']?.replace('<sheets>', '<workbookPr date1904="1"/><sheets>') ?? '';
    expect(await read({ ...old, 'xl/workbook.xml': from1904 })).toEqual([[1, ['date 1904-01-01']]]);
  });

  it('names with a prefix, parts in any order and under any name', async () => {
    const book = sheetParts('');
    expect(
      await read({
        'xl/data/eins.xml':
          '<x:worksheet><x:sheetData><x:row r="2"><x:c r="B2"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>',
        'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="t/worksheet" Target="/xl/data/eins.xml"/></Relationships>`,
        'xl/workbook.xml': book['xl/workbook.xml'] ?? '',
      }),
    ).toEqual([[2, ['empty ', 'number 7']]]);
  });
});

describe('a glance at the first rows', () => {
  it('gives the same rows, and reads no more of the texts than they need', async () => {
    const count = 60_000;
    const strings = Array.from({ length: count }, (_, at) => `<si><t>${at % 7 === 0 ? '' : `text ${at}`}</t></si>`);
    const rows = Array.from({ length: 5_000 }, (_, at) => {
      const numbers = [at * 12, (at * 7_919) % count, count + at, 7];
      return `<row>${numbers.map((number) => `<c t="s"><v>${number}</v></c>`).join('')}</row><row><c t="s"><v>0</v></c></row>`;
    });
    const sheet = sheetParts(rows.join(''), { 'xl/sharedStrings.xml': `<sst>${strings.join('')}</sst>` });
    const merged = '</sheetData><mergeCells><mergeCell ref="A1:A9"/></mergeCells>';
    const [before = '', behind = ''] = (sheet['xl/worksheets/sheet1.xml'] ?? '').split('</sheetData>');
    const file = join(folder, 'glance.xlsx');
    await writeFile(file, zipOf({ ...sheet, 'xl/worksheets/sheet1.xml': before + merged + behind }));
    const rowsOf = async (isGlance: boolean, sharedTextMemoryBytes: number): Promise<unknown[]> => {
      const source = await openRows(file, { ...defaultRowLimits, sharedTextMemoryBytes });
      const found: unknown[] = [];
      for await (const row of source.rows({ sheet: 'S', isGlance })) found.push(row);
      await source.close();
      return found;
    };
    const all = await rowsOf(false, 10_000_000);
    expect(all).toHaveLength(5_000);
    for (const memory of [10_000_000, 1_000]) expect(await rowsOf(true, memory)).toEqual(all);
    expect(await rowsOf(false, 1_000)).toEqual(all);
  });
});

describe('workbooks that mean harm or are broken', () => {
  it('expand no entities', async () => {
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>';
    await expect(read(sheetParts('', { 'xl/worksheets/sheet1.xml': bomb }))).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
    });
  });

  it('are refused when the texts of all cells are more than the limits, in bytes or in number', async () => {
    const strings = `<sst>${'<si><t>0123456789</t></si>'.repeat(1_000)}</sst>`;
    const file = join(folder, 'texts.xlsx');
    await writeFile(file, zipOf(sheetParts('<row><c t="s"><v>0</v></c></row>', { 'xl/sharedStrings.xml': strings })));
    await expect(openRows(file, { ...defaultRowLimits, sharedTextBytes: 20_000 })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'sharedTextBytes' },
    });
    const source = await openRows(file, { ...defaultRowLimits, sharedTexts: 999 });
    await expect(source.rows({ sheet: 'S' })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'sharedTexts' },
    });
  });

  it('with a cell of 10 MB lose that row alone', async () => {
    const long = 'A'.repeat(10 * 1024 * 1024);
    const data = `<row r="1"><c t="str"><v>${long}</v></c><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row>`;
    const rows = await read(sheetParts(data));
    expect(rows.map(([row, cells]) => [row, cells.map((cell) => cell.slice(0, 8))])).toEqual([
      [1, ['error AA', 'number 1']],
      [2, ['number 2']],
    ]);
    expect(rows[0]?.[1][0]?.length).toBeLessThan(33_000);
  });

  it('are refused when a row has more columns than a sheet can have', async () => {
    await expect(read(sheetParts(`<row r="1">${'<c/>'.repeat(16_385)}</row>`))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'columns' },
    });
  });

  it('say that a text is too long, wherever it stands', async () => {
    const long = 'A'.repeat(40_000);
    const data = `<row r="1"><c t="s"><v>0</v></c><c t="str"><v>${long}</v></c><c><v>1</v></c></row>`;
    const rows = await read(sheetParts(data, { 'xl/sharedStrings.xml': `<sst><si><t>${long}</t></si></sst>` }));
    expect(rows.map(([, cells]) => cells.map((cell) => cell.slice(0, 8)))).toEqual([
      ['error AA', 'error AA', 'number 1'],
    ]);
  });

  it('stop being checked when the caller stops', async () => {
    const file = join(folder, 'stopped.xlsx');
    await writeFile(file, zipOf(sheetParts('<row><c><v>1</v></c></row>')));
    await expect(openRows(file, defaultRowLimits, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });

  it('name the row where the XML breaks off', async () => {
    const broken = '<worksheet><sheetData><row r="1"><c><v>1</v></c></row><row r="2"><c>';
    await expect(read(sheetParts('', { 'xl/worksheets/sheet1.xml': broken }))).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
      path: 'sheet "S", row 2',
    });
  });

  it('are refused when they have no workbook, or no sheet to see', async () => {
    await expect(read({ 'data.xml': '<x/>' })).rejects.toThrow(/no workbook/);
    await expect(read({ 'word/document.xml': '<x/>' })).rejects.toThrow(/\.docx/);
    await expect(read({ mimetype: 'x', 'content.xml': '<x/>' })).rejects.toThrow(/\.ods/);
    const hidden = (sheetParts('')['xl/workbook.xml'] ?? '').replace('sheetId', 'state="veryHidden" sheetId');
    await expect(read(sheetParts('', { 'xl/workbook.xml': hidden }))).rejects.toThrow(/no visible sheet/);
  });

  it('have no prototype to reach: cells named like one are cells', async () => {
    const data =
      '<row r="1"><c t="str" constructor="x" __proto__="y"><v>__proto__</v></c><c t="constructor" s="99"><v>5</v></c></row>';
    expect(await read(sheetParts(data))).toEqual([[1, ['__proto__', 'number 5']]]);
  });
});

describe('number formats', () => {
  it.each([
    ['General', 'number'],
    ['0.00', 'number'],
    ['#,##,##0.00 "days"', 'number'],
    ['[Red]0.00', 'number'],
    ['[$-4009]dd mmmm yyyy', 'date'],
    ['dd\\-mm\\-yyyy;@', 'date'],
    ['[h]:mm', 'date'],
    ['0.0%', 'percent'],
    ['0 "%"', 'number'],
    ['_-[$₹-4009]* #,##0.00_-', 'number'],
  ])('%s is a %s', (code, meaning) => {
    expect(meaningOfCode(code)).toBe(meaning);
  });
});
