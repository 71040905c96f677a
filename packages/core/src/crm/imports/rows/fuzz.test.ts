import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { sheetParts } from '../../../../test-support/spreadsheets/parts.js';
import { zipOf } from '../../../../test-support/zip-of.js';
import { LmsError } from '../../../foundation/kernel/index.js';
import { openRows } from './open-rows.js';
import { defaultRowLimits, type SourceRow } from './row-source.js';

// 12,000 inputs in all; a failure prints its seed and the smallest input that fails.

const folder = mkdtempSync(join(tmpdir(), 'lms-fuzz-'));
const file = join(folder, 'file');
afterAll(() => rmSync(folder, { recursive: true }));

/** Small enough that an input which gets round them would be seen by the time it takes. */
const limits = {
  ...defaultRowLimits,
  rows: 2_000,
  columns: 50,
  cells: 20_000,
  unpackedBytes: 4 * 1024 * 1024,
  cellLength: 2_000,
};

/** All rows of all sheets, or the error of the one kind that there may be; any other is thrown. */
async function read(content: string | Uint8Array): Promise<readonly SourceRow[] | LmsError> {
  writeFileSync(file, content);
  try {
    const source = await openRows(file, limits);
    const rows: SourceRow[] = [];
    for (const sheet of source.sheets) {
      let last = -1;
      for await (const batch of source.batches({ sheet })) {
        for (const row of batch) {
          if (row.rowNumber <= last) throw new Error(`row ${row.rowNumber} stands behind row ${last}`);
          last = row.rowNumber;
          rows.push(row);
        }
      }
    }
    await source.close();
    return rows;
  } catch (error) {
    if (LmsError.isInstance(error)) return error;
    throw error;
  }
}

async function rowsOf(content: string | Uint8Array): Promise<readonly SourceRow[]> {
  const rows = await read(content);
  if (LmsError.isInstance(rows)) throw rows;
  return rows;
}

const textsOf = (rows: readonly SourceRow[]): string =>
  rows.flatMap((row) => row.cells.map((cell) => cell.text)).join('');
const lettersOf = (text: string): string => text.replace(/[^a-z\u0900-\u097f]/g, '');

const run = { timeout: 5_000 };

describe('text that nobody wrote on purpose', () => {
  const signs = fc.constantFrom(
    'a',
    'b',
    'c',
    'रवि',
    '"',
    '"',
    '""',
    ',',
    ';',
    '\t',
    '|',
    '\n',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '=',
    "'",
    '1',
    '+',
    '😀',
    '\ufeff',
    '\\',
  );
  const text = fc.array(signs, { minLength: 1, maxLength: 60 }).map((parts) => parts.join(''));

  it('keeps every letter, in its order', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const rows = await read(content);
        if (LmsError.isInstance(rows)) expect(content.replaceAll('\ufeff', '').trim()).toBe('');
        else expect(lettersOf(textsOf(rows))).toBe(lettersOf(content));
      }),
      { ...run, numRuns: 4_000 },
    );
  }, 120_000);

  it('is read or refused, whatever its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await read(bytes);
      }),
      { ...run, numRuns: 1_500 },
    );
  }, 120_000);
});

describe('a table written by the rules', () => {
  const cell = fc
    .array(fc.constantFrom('a', 'b c', '"', ',', ';', '\n', 'é', 'रवि', '😀', '1'), { minLength: 1, maxLength: 5 })
    .map((parts) => `x${parts.join('')}x`);
  const table = fc
    .integer({ min: 1, max: 6 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));
  const encodings: readonly (readonly [name: string, encode: (text: string) => Uint8Array])[] = [
    ['utf-8', (text) => Buffer.from(text)],
    ['utf-8 with a mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['utf-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ];

  it('has as many rows as were written, with the same cells', async () => {
    const form = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      lineBreak: fc.constantFrom('\n', '\r\n'),
      encoding: fc.constantFrom(...encodings),
    });
    await fc.assert(
      fc.asyncProperty(table, form, async (rows, { delimiter, lineBreak, encoding: [, encode] }) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        // The line that says which delimiter it is: a table of one row of one cell would not tell.
        const lines = [`sep=${delimiter}`, ...rows.map((cells) => cells.map(quoted).join(delimiter))];
        const read1 = await rowsOf(encode(lines.join(lineBreak)));
        expect(read1.map((row) => row.cells.map(({ text }) => text))).toEqual(rows);
        expect(read1.map((row) => row.rowNumber)).toEqual(rows.map((_, at) => at + 1));
      }),
      { ...run, numRuns: 1_500 },
    );
  }, 120_000);
});

describe('lines of JSON with slips', () => {
  it('are each a row, unless they hold nothing', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 5 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const object = fc
      .dictionary(fc.constantFrom('a', 'b', '__proto__', 'क'), value, { maxKeys: 4 })
      .map((one) => JSON.stringify(one));
    const slip = fc
      .tuple(object, fc.nat(), fc.constantFrom('"', '{', '}', ',', ':', 'x', '\\', ''))
      .map(([line, place, sign]) => {
        const at = place % line.length;
        return line.slice(0, at) + sign + line.slice(at + 1);
      });
    const lines = fc.array(fc.oneof({ arbitrary: object, weight: 3 }, slip), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lines, async (some) => {
        const all = [
          '{"a":"first"}',
          '{"a":"second"}',
          ...Array.from({ length: some.length }, () => '{"b":1}'),
          ...some,
        ];
        const found = new Set((await rowsOf(all.join('\n'))).map((row) => row.rowNumber));
        const lost = all.filter((line, at) => !found.has(at + 1) && line.trim() !== '' && !holdsNothing(line));
        expect(lost).toEqual([]);
      }),
      { ...run, numRuns: 1_500 },
    );
  }, 120_000);

  function holdsNothing(line: string): boolean {
    const value: unknown = JSON.parse(line);
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((one) => one === null || (String(one).trim() === '' && typeof one === 'string'))
    );
  }
});

describe('workbooks of other programs, damaged', () => {
  const foreign = fileURLToPath(new URL('../../../../test-support/spreadsheets/foreign/', import.meta.url));
  const books = readdirSync(foreign)
    .filter((name) => name.endsWith('.xlsx'))
    .map((name) => readFileSync(join(foreign, name)));
  const known = new Map<Buffer, Promise<string>>();
  const contentOf = (rows: readonly SourceRow[]): string => JSON.stringify(rows);
  const whole = (book: Buffer): Promise<string> => {
    const content = known.get(book) ?? rowsOf(book).then(contentOf);
    known.set(book, content);
    return content;
  };

  it('give the same rows or are refused', async () => {
    const damage = fc.oneof(
      fc.record({ kind: fc.constant('change' as const), at: fc.nat(), byte: fc.nat(255) }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
      fc.record({ kind: fc.constant('remove' as const), at: fc.nat(), count: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), count: fc.integer({ min: 1, max: 40 }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...books),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        async (book, all) => {
          let bytes: Buffer = Buffer.from(book);
          for (const one of all) {
            const at = one.at % Math.max(1, bytes.length);
            if (one.kind === 'change') bytes[at] = one.byte;
            else if (one.kind === 'cut') bytes = bytes.subarray(0, at);
            else if (one.kind === 'remove')
              bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + one.count)]);
            else bytes = Buffer.concat([bytes.subarray(0, at + one.count), bytes.subarray(at)]);
          }
          const expected = await whole(book);
          const rows = await read(bytes);
          // Cut before its fourth byte an archive is none, and those bytes are text.
          if (!LmsError.isInstance(rows) && bytes.subarray(0, 4).equals(book.subarray(0, 4))) {
            expect(contentOf(rows)).toBe(expected);
          }
        },
      ),
      { ...run, numRuns: 2_500 },
    );
  }, 120_000);
});

describe('the XML of a sheet with slips, in an archive that is whole', () => {
  const sheet =
    '<row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>' +
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Asha</t></is></c><c r="B2" s="1"><v>32000</v></c><c r="C2"><f>A1&amp;B1</f><v>5</v></c></row>' +
    '<row r="4" hidden="1"><c r="B4" t="b"><v>1</v></c><c r="C4" t="e"><v>#N/A</v></c></row>';
  const parts = sheetParts(sheet, {
    'xl/sharedStrings.xml':
      '<sst><si><t>Name</t></si><si><r><t>Ph</t></r><r><t>one</t></r><rPh><t>x</t></rPh></si></sst>',
    'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
  });

  it('gives rows in order or is refused', async () => {
    const signs = fc.constantFrom('<', '>', '/', '"', '&', '=', ' ', 'x', '9', '-', '\0', '_', '');
    const slips = fc.array(fc.tuple(fc.constantFrom(...Object.keys(parts)), fc.nat(), signs), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(slips, async (all) => {
        const changed = { ...parts };
        for (const [name, place, sign] of all) {
          const text = changed[name] ?? '';
          const at = place % text.length;
          changed[name] = text.slice(0, at) + sign + text.slice(at + 1);
        }
        const rows = await read(zipOf(changed));
        if (!LmsError.isInstance(rows)) expect(rows.length).toBeLessThanOrEqual(3);
      }),
      { ...run, numRuns: 1_000 },
    );
  }, 120_000);
});
