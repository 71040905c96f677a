import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRows } from './open-rows.js';
import type { SourceRow } from './row-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-encodings-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(bytes: Uint8Array): Promise<{ form: unknown; notes: string[]; rows: string[][] }> {
  const file = join(folder, 'file.csv');
  await writeFile(file, bytes);
  const source = await openRows(file);
  const rows: SourceRow[] = [];
  for await (const row of source.rows({ sheet: '' })) rows.push(row);
  expect(source.bytesRead()).toBe(bytes.length);
  await source.close();
  return {
    form: source.form,
    notes: source.notes().map(({ kind }) => kind),
    rows: rows.map((row) => row.cells.map((cell) => cell.text)),
  };
}

const table = 'नाम,city,amount\nरवि,Pune,1\n😀,Kota,2\n';
const rows = [
  ['नाम', 'city', 'amount'],
  ['रवि', 'Pune', '1'],
  ['😀', 'Kota', '2'],
];
const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('the encoding of a text file', () => {
  it.each([
    ['utf-8', Buffer.from(table), 'utf-8'],
    ['utf-8 with a mark', Buffer.from(`\uFEFF${table}`), 'utf-8'],
    ['utf-16 little-endian with a mark', Buffer.from(`\uFEFF${table}`, 'utf16le'), 'utf-16le'],
    ['utf-16 big-endian with a mark', bigEndian(`\uFEFF${table}`), 'utf-16be'],
    ['utf-16 little-endian without a mark', Buffer.from(table, 'utf16le'), 'utf-16le'],
    ['utf-16 big-endian without a mark', bigEndian(table), 'utf-16be'],
  ])('is found: %s', async (_, bytes, encoding) => {
    const read1 = await read(bytes);
    expect(read1).toEqual({ form: { format: 'csv', delimiter: ',', encoding }, notes: [], rows });
  });

  it('is Windows-1252 where the bytes are no UTF-8, and that is told', async () => {
    const bytes = Buffer.concat([
      Buffer.from('name;note\nJos'),
      Buffer.from([0xe9]),
      Buffer.from(';'),
      Buffer.from([0x80, 0x96, 0x93]),
      Buffer.from('\n'),
    ]);
    expect(await read(bytes)).toEqual({
      form: { format: 'csv', delimiter: ';', encoding: 'windows-1252' },
      notes: ['encoding'],
      rows: [
        ['name', 'note'],
        ['José', '€–“'],
      ],
    });
  });

  it('is decided by a letter far behind the beginning', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `name ${index},Pune`).join('\n');
    const bytes = Buffer.concat([Buffer.from(`${lines}\nJos`), Buffer.from([0xe9]), Buffer.from(',Pune\n')]);
    expect((await read(bytes)).rows.at(-1)).toEqual(['José', 'Pune']);
  });

  it('keeps letters whole that stand across two pieces of the file', async () => {
    for (const fill of [32_764, 65_533, 65_534, 65_535]) {
      const text = `${'x'.repeat(fill - 2)}\n,रवि😀,`;
      expect((await read(Buffer.from(text))).rows.at(-1)).toEqual(['', 'रवि😀', '']);
    }
  });

  it.each([
    [
      'UTF-8 with one damaged letter',
      Buffer.concat([Buffer.from('a,b\nरवि,1\n'), Buffer.from([0xe0, 0xa4]), Buffer.from(',2\n')]),
      'line 3',
    ],
    [
      'a mark of UTF-8 before other bytes',
      Buffer.concat([Buffer.from('\uFEFFa,b\n'), Buffer.from([0xe9, 0x2c])]),
      'line 2',
    ],
    [
      'bytes that are no letters of Windows-1252',
      Buffer.concat([Buffer.from('a,b\n1,2\n3,'), Buffer.from([0x81, 0x8d])]),
      'line 3',
    ],
  ])('is refused with the line: %s', async (_, bytes, path) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'IMPORT_FILE_UNREADABLE', path });
  });

  it('of half a pair in UTF-16 is refused with the line', async () => {
    const bytes = Buffer.from('\uFEFFa,b\n1,\ud83d\n', 'utf16le');
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'IMPORT_FILE_UNREADABLE',
      path: expect.stringMatching(/^line/),
    });
  });
});
