import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRows } from './open-rows.js';
import { defaultRowLimits, type SourceRow } from './row-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-ndjson-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function rowsOf(lines: readonly string[]): Promise<SourceRow[]> {
  const file = join(folder, 'leads.txt');
  await writeFile(file, lines.join('\r\n'));
  const source = await openRows(file, { ...defaultRowLimits, cellLength: 50 });
  expect(source.form).toEqual({ format: 'ndjson', encoding: 'utf-8' });
  const rows: SourceRow[] = [];
  for await (const row of source.rows({ sheet: '' })) rows.push(row);
  return rows;
}

const shown = (row: SourceRow | undefined): unknown =>
  row?.cells.map((cell) =>
    cell.kind === 'text' ? cell.text : `${cell.kind === 'error' ? cell.value : cell.kind} ${cell.text}`,
  );

describe('a line of JSON each row', () => {
  it('has every key of the first lines as its header, row 0, in the order of first sight', async () => {
    const rows = await rowsOf(['{"name":"Asha","phone":"98"}', '', '{"city":"Pune","name":"Ravi"}', '{"phone":null}']);
    expect(rows.map((row) => [row.rowNumber, shown(row)])).toEqual([
      [0, ['name', 'phone', 'city']],
      [1, ['Asha', '98', 'empty ']],
      [3, ['Ravi', 'empty ', 'Pune']],
    ]);
  });

  it('gives each value its kind, and all digits of a number', async () => {
    const values = [
      '"रवि 😀\\n"',
      '12345678901234567890',
      '0.10',
      '9.87654E+09',
      'true',
      '""',
      '"#N/A"',
      '{"a":[1]}',
      '"\\u0000x"',
      `"${'y'.repeat(60)}"`,
    ];
    const [, row] = await rowsOf([`{${values.map((value, at) => `"k${at}":${value}`).join(',')}}`]);
    expect(shown(row)).toEqual([
      'रवि 😀\n',
      'number 12345678901234567890',
      'number 0.1',
      'number 9876540000',
      'boolean true',
      'empty ',
      'formula #N/A',
      'nested {"a":[1]}',
      'unseen ␀x',
      `too-long ${'y'.repeat(51)}`,
    ]);
  });

  it('tells what has no column: a late key, a key twice, a line that is no object', async () => {
    const many = Array.from({ length: 1_000 }, () => '{"a":1}');
    const rows = await rowsOf([...many, '{"a":2,"late":"x"}', '{"a":3,"a":4}', '[1]', '{"a":5', '{"a":6,"late":null}']);
    expect(rows.slice(1_001).map((row) => [row.rowNumber, shown(row)])).toEqual([
      [1_001, ['number 2', 'extra-key "late":"x"']],
      [1_002, ['number 3', 'repeated-key "a":4']],
      [1_003, ['empty ', 'not-json [1]']],
      [1_004, ['empty ', 'not-json {"a":5']],
      [1_005, ['number 6']],
    ]);
  });
});
