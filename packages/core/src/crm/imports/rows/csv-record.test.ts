import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOfRecord } from './csv-record.js';
import { QuoteMender } from './mend-quotes.js';

const delimiters = [',', ';', '\t', '|'];

function mended(text: string, delimiter: string): string[] {
  const mender = new QuoteMender(delimiter);
  return [...mender.push(text.split('\n')), ...mender.end()];
}

describe('the cells of a record', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['', ['']],
    [',', ['', '']],
    [' a , b ', ['a', 'b']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a ""b"" c",', ['a "b" c', '']],
    ['" a "', [' a ']],
    ['"two\nlines",x', ['two\nlines', 'x']],
    ['"",""', ['', '']],
    ['\u00a0नाम\u00a0,😀', ['नाम', '😀']],
  ])('%j', (record, cells) => {
    expect(cellsOfRecord(record, ',', 100)).toEqual(cells);
  });

  it('are no more than asked for', () => {
    expect(cellsOfRecord('a,b,c,d', ',', 2)).toEqual(['a', 'b']);
    expect(cellsOfRecord('"a",b,"c",d', ',', 2)).toEqual(['a', 'b']);
  });

  it('are those that csv-parse finds, whatever the text', () => {
    const signs = fc.constantFrom(
      'a',
      'b c',
      '"',
      '""',
      ',',
      ';',
      '\t',
      '|',
      ' ',
      '\n',
      '\u00a0',
      '\r',
      'é',
      'रवि',
      '😀',
      '',
    );
    const text = fc.array(signs, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom(...delimiters), (content, delimiter) => {
        const records = mended(content, delimiter);
        const expected = parse(`${records.join('\n')}\n`, {
          delimiter,
          record_delimiter: '\n',
          relax_column_count: true,
          skip_empty_lines: false,
          trim: true,
        });
        expect(records.map((record) => cellsOfRecord(record, delimiter, 1_000))).toEqual(expected);
      }),
      { numRuns: 5_000 },
    );
  });
});
