import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isErrorMark } from '../../../foundation/kernel/index.js';
import { dateCell, emptyCell, numberCell, textCell } from '../rows/cells.js';
import { type Cell, defaultRowLimits, openRows, type SourceForm, type SourceRow } from '../rows/index.js';
import { RejectFile } from './reject-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-rejects-'));
});
afterAll(() => rm(folder, { recursive: true }));

const nasty = fc.array(
  fc.constantFrom(
    'a',
    'Asha',
    '=',
    '+',
    '-',
    '@',
    '＝',
    '＋',
    '－',
    '＠',
    '|',
    '\r',
    "'",
    '"',
    '""',
    ',',
    ';',
    '\t',
    '\n',
    ' ',
    '_x0041_',
    '_x005F_',
    '_',
    '<',
    '&amp;',
    ']]>',
    '0',
    'रवि',
    '😀',
    '\u0007',
    '\u200b',
    '\u00a0',
    '#N/A',
    '{',
    '}',
    '\\',
  ),
  { maxLength: 8 },
);
const texts = fc
  .oneof(
    nasty.map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme' }),
  )
  .map((text) => textCell(text.toWellFormed(), defaultRowLimits.cellLength));
const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map(numberCell);
const dates = fc
  .date({ min: new Date(Date.UTC(1850, 0, 1)), max: new Date(Date.UTC(2900, 0, 1)), noInvalidDate: true })
  .map((date) => dateCell(new Date(Math.floor(date.getTime() / 1000) * 1000)));
const marks = fc.constantFrom<Cell>(
  { kind: 'error', text: '#N/A', value: 'formula' },
  { kind: 'error', text: 'Ra␀vi', value: 'unseen' },
);
const booleans = fc.boolean().map((value): Cell => ({ kind: 'boolean', text: String(value), value }));

const ofText = fc.oneof(texts, marks, fc.constant(emptyCell));
/** Only csv can mark such a text as text; in the other forms it is always read as a failed formula. */
const ofOthers = ofText.filter((cell) => cell.kind !== 'text' || !isErrorMark(cell.text));
const forms: readonly (readonly [form: SourceForm, cells: fc.Arbitrary<Cell>])[] = [
  [{ format: 'csv', delimiter: ',', encoding: 'utf-8' }, ofText],
  [{ format: 'csv', delimiter: ';', encoding: 'utf-16le' }, ofText],
  [{ format: 'csv', delimiter: '\t', encoding: 'windows-1252' }, ofText],
  [{ format: 'ndjson', encoding: 'utf-8' }, fc.oneof(ofOthers, booleans, numbers)],
  [{ format: 'xlsx' }, fc.oneof(ofOthers, booleans, numbers, dates)],
];

async function readBack(file: string): Promise<readonly SourceRow[]> {
  const source = await openRows(file);
  const rows: SourceRow[] = [];
  for await (const row of source.rows({ sheet: source.sheets[0] ?? '' })) rows.push(row);
  return rows;
}

/**
 * What a row means for the fields: the kinds and texts of its cells. A csv file has one kind of line break; as the one of `\r\r\n` comes
 * back as `\r\n`, all carriage returns before a line feed go with it.
 */
function meaning(cells: readonly Cell[]): string[] {
  return cells.map((cell) => `${cell.kind === 'error' ? cell.value : 'value'} ${cell.text.replaceAll(/\r+\n/g, '\n')}`);
}

describe.each(forms)('a reject file as %j', (form, cell) => {
  it('means the same when it is imported again, whatever the cells hold', async () => {
    const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const file = join(folder, 'out');
        const headings = ['Name', 'Note', 'Amount'];
        const rejects = await RejectFile.prepare({
          file,
          input: join(folder, 'in'),
          form,
          headings,
          taken: 'is-replaced',
          runName: 'r',
        });
        for (const [at, cells] of table.entries()) await rejects.add({ rowNumber: at + 2, cells }, '=reason, "quoted"');
        await rejects.finish();
        const [header, ...read] = await readBack(file);
        expect(header?.cells.map(({ text }) => text)).toEqual([...headings, 'LMS reasons', 'LMS row']);
        expect(read.map((row) => meaning(row.cells))).toEqual(
          table.map((cells, at) => [...meaning(cells), 'value =reason, "quoted"', `value ${at + 2}`]),
        );
        await rm(file);
      }),
      { numRuns: form.format === 'xlsx' ? 60 : 300 },
    );
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a reject file of ndjson', () => {
  it('keeps what has no column, and is wrong in the same places until it is mended', async () => {
    const file = join(folder, 'out.ndjson');
    const form: SourceForm = { format: 'ndjson', encoding: 'utf-8' };
    const rejects = await RejectFile.prepare({
      file,
      input: 'in',
      form,
      headings: ['a'],
      taken: 'is-replaced',
      runName: 'r',
    });
    const error = (text: string, value: 'nested' | 'extra-key' | 'repeated-key' | 'not-json'): Cell => ({
      kind: 'error',
      text,
      value,
    });
    await rejects.add({ rowNumber: 1, cells: [error('{"b":[1]}', 'nested')] }, 'one');
    await rejects.add({ rowNumber: 2, cells: [numberCell(1), error('"a":2', 'repeated-key')] }, 'two');
    await rejects.add({ rowNumber: 3, cells: [numberCell(1), error('"late":"x"', 'extra-key')] }, 'three');
    await rejects.add({ rowNumber: 4, cells: [emptyCell, error('{"a":', 'not-json')] }, 'four');
    await rejects.finish();
    const rows = await readBack(file);
    expect(rows.map((row) => meaning(row.cells))).toEqual([
      ['value a', 'value LMS reasons', 'value LMS row', 'value late'],
      ['nested {"b":[1]}', 'value one', 'value 1', 'value '],
      ['value 1', 'value two', 'value 2', 'value ', 'repeated-key "a":2'],
      ['value 1', 'value three', 'value 3', 'value x'],
      ['value ', 'value four', 'value 4', 'value ', 'not-json {"a":'],
    ]);
    await rm(file);
  });
});
