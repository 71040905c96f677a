import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hasCode } from '../kernel/index.js';
import { csvWriter } from './csv-writer.js';
import { ndjsonWriter } from './ndjson-writer.js';
import { emptyCell, type TableCell, textCell } from './table-cell.js';
import type { ByteSink, TableWriter } from './table-writer.js';
import { xlsxWriter } from './xlsx-writer.js';

const money = (text: string): TableCell => ({ kind: 'number', text, style: 'money' });
const cells: readonly TableCell[] = [
  textCell('=HYPERLINK("http://x")'),
  textCell('+919820012345'),
  money('-75000.50'),
  { kind: 'number', text: '10.55', style: 'percent' },
  { kind: 'boolean', value: true, printed: 'yes' },
  { kind: 'date', date: '1990-05-17', time: null },
  {
    kind: 'instant',
    instant: '2026-01-31T10:00:00.000Z',
    printed: '2026-01-31 15:30:00 +05:30',
    clock: { date: '2026-01-31', time: '15:30:00' },
  },
  emptyCell,
];
const headings = ['@text', 'phone', 'money', 'rate', 'flag', 'day', 'time', '__proto__'];

async function written(
  make: (sink: ByteSink) => TableWriter,
  rows: readonly (readonly TableCell[])[] = [cells],
  heads: readonly string[] = headings,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const writer = make({ write: async (bytes) => void pieces.push(bytes) });
  await writer.head(heads);
  await writer.rows(rows);
  await writer.end();
  return Buffer.concat(pieces);
}

/** The parts of a zip file by name, found by the directory at its end, as readers do. */
function partsOf(zip: Buffer): Map<string, string> {
  const end = zip.length - 22;
  const parts = new Map<string, string>();
  let at = zip.readUInt32LE(end + 16);
  for (let entry = 0; entry < zip.readUInt16LE(end + 10); entry += 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const start = zip.readUInt32LE(at + 42) + 30 + nameLength;
    parts.set(name, inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(at + 20))).toString('utf8'));
    at += 46 + nameLength;
  }
  return parts;
}

const xlsx = (sink: ByteSink): TableWriter => xlsxWriter(sink, { sheet: 'Leads' });
const sheetOf = async (...given: readonly TableCell[]): Promise<string> =>
  partsOf(
    await written(
      xlsx,
      [given],
      given.map(() => 'x'),
    ),
  ).get('xl/worksheets/sheet1.xml') ?? '';

describe('csv', () => {
  it('neutralises formulas in cells and headings, and leaves phones and amounts as they are', async () => {
    const text = (await written((sink) => csvWriter(sink, { delimiter: ',', bom: true }))).toString('utf8');
    expect(text).toBe(
      "\uFEFF'@text,phone,money,rate,flag,day,time,__proto__\r\n" +
        `"'=HYPERLINK(""http://x"")",+919820012345,-75000.50,10.55,yes,1990-05-17,2026-01-31 15:30:00 +05:30,\r\n`,
    );
  });
});

describe('ndjson', () => {
  it('is an object a line, with every key, in order', async () => {
    const text = (await written(ndjsonWriter)).toString('utf8');
    expect(text.endsWith('}\n')).toBe(true);
    expect(text).toContain('"__proto__":null');
    const { ['__proto__']: _own, ...rest } = JSON.parse(text);
    expect(rest).toEqual({
      '@text': '=HYPERLINK("http://x")',
      phone: '+919820012345',
      money: '-75000.50',
      rate: '10.55',
      flag: true,
      day: '1990-05-17',
      time: '2026-01-31T10:00:00.000Z',
    });
  });
});

describe('xlsx', () => {
  it('has numbers and dates as such, and all else as text, never as a formula', async () => {
    const sheet = partsOf(await written(xlsx)).get('xl/worksheets/sheet1.xml') ?? '';
    expect(sheet).not.toContain('<f>');
    expect(sheet).toContain('<c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve">@text</t></is></c>');
    const row = /<row r="2">(.*?)<\/row>/.exec(sheet)?.[1] ?? '';
    expect(row.split(/(?=<c )/)).toEqual([
      '<c r="A2" s="2" t="inlineStr"><is><t xml:space="preserve">=HYPERLINK(&quot;http://x&quot;)</t></is></c>',
      '<c r="B2" s="2" t="inlineStr"><is><t xml:space="preserve">+919820012345</t></is></c>',
      '<c r="C2" s="3"><v>-75000.50</v></c>',
      '<c r="D2" s="4"><v>0.1055</v></c>',
      '<c r="E2" s="2" t="inlineStr"><is><t xml:space="preserve">yes</t></is></c>',
      '<c r="F2" s="5"><v>33010</v></c>',
      `<c r="G2" s="6"><v>${46_053 + 15.5 / 24}</v></c>`,
    ]);
  });

  it('writes as text what a cell would not hold exactly', async () => {
    expect(await sheetOf(money('90071992547409.91'))).toContain('>90071992547409.91</t>');
    expect(await sheetOf({ kind: 'number', text: '1.234567890123456', style: 'percent' })).toContain(
      '>1.234567890123456%<',
    );
    expect(await sheetOf({ kind: 'date', date: '1900-02-28', time: null })).toContain('>1900-02-28<');
    expect(await sheetOf({ kind: 'date', date: '1900-02-28', time: '09:30:00' })).toContain('>1900-02-28 09:30:00<');
    const instant = { kind: 'instant', instant: '2026-01-31T10:00:00.250Z', printed: 'printed', clock: null } as const;
    expect(await sheetOf(instant)).toContain('>printed<');
    expect(await sheetOf({ ...instant, clock: { date: '1900-02-28', time: '09:30:00' } })).toContain('>printed<');
  });

  it('writes long numbers of few digits as numbers', async () => {
    const decimal = (text: string): TableCell => ({ kind: 'number', text, style: 'decimal' });
    expect(await sheetOf(decimal('123000000000000000000'))).toContain('<v>123000000000000000000</v>');
    expect(await sheetOf(decimal(`-1${'0'.repeat(300)}`))).toContain('<v>-1e+300</v>');
    expect(await sheetOf(decimal(`0.${'0'.repeat(40)}15`))).toContain('<v>1.5e-41</v>');
  });

  it('has true and false as such, unless people say it otherwise', async () => {
    const flag = (printed: string): TableCell => ({ kind: 'boolean', value: true, printed });
    expect(await sheetOf(flag('true'))).toContain('<c r="A2" s="0" t="b"><v>1</v></c>');
    expect(await sheetOf(flag('yes'))).toContain('>yes</t>');
  });

  it('goes on beyond the headings, and shows a date with its time', async () => {
    const sheet = partsOf(
      await written(xlsx, [[emptyCell, { kind: 'date', date: '2026-01-31', time: '12:00:00' }]], ['x']),
    );
    expect(sheet.get('xl/worksheets/sheet1.xml')).toContain('<row r="2"><c r="B2" s="6"><v>46053.5</v></c></row>');
  });

  it('escapes what XML cannot hold and what looks like such an escape', async () => {
    const sheet = await sheetOf(textCell('a\u0000b _x0041_ <&> \ud800 \uffff ]]> é🙂'));
    expect(sheet).toContain('>a_x0000_b _x005F_x0041_ &lt;&amp;&gt; _xD800_ _xFFFF_ ]]&gt; é🙂<');
  });

  it('refuses a text that no cell holds, naming the cell', async () => {
    await expect(sheetOf(emptyCell, textCell('x'.repeat(32_768)))).rejects.toSatisfy(
      (error) => hasCode(error, 'LIMIT_EXCEEDED') && /B2/.test(String(error)),
    );
  });

  it('of the same leads has the same bytes', async () => {
    expect((await written(xlsx)).equals(await written(xlsx))).toBe(true);
  });
});
