import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuoteMender } from './mend-quotes.js';

function mended(text: string, delimiter = ','): string[] {
  const mender = new QuoteMender(delimiter);
  return [...mender.push(text.split('\n')), ...mender.end()];
}

describe('QuoteMender', () => {
  it.each([
    ['leaves well-formed records as they are', 'a,"b, c",d', ['a,"b, c",d']],
    ['keeps a quoted cell with a line break in one record', 'a,b\n1,"x\ny"\n2,z', ['a,b', '1,"x\ny"', '2,z']],
    ['doubles a quote inside plain text', 'a,5" pipe\nb,c', ['a,"5"" pipe"', 'b,c']],
    [
      'takes an opening quote that is never closed as a letter',
      'n,p\n"Ravi,98\nAsha,97',
      ['n,p', '"""Ravi",98', 'Asha,97'],
    ],
    [
      'does not join rows when a later row has a quoted cell of its own',
      'n,p\n"Ravi,98\nAsha,"Kota, Raj"\nOm,1',
      ['n,p', '"""Ravi",98', 'Asha,"Kota, Raj"', 'Om,1'],
    ],
    [
      'does not join rows when the closing quote is another slip',
      'n,h,p\n"Ravi,5,98\nAsha,5",97\nOm,6,1',
      ['n,h,p', '"""Ravi",5,98', 'Asha,"5""",97', 'Om,6,1'],
    ],
    ['keeps empty cells at the end of a row', 'a,"",\nb,,', ['a,"",', 'b,,']],
    ['reads quotes after a space', 'a, "b, c"', ['a,"b, c"']],
  ])('%s', (_, text, expected) => {
    expect(mended(text)).toEqual(expected);
  });

  it('keeps every well-formed record, wherever the lines are cut', () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 6 }).map((text) => text.replace(/["\n\r,]/g, '').trim()),
      fc.array(fc.constantFrom('x', '""', ',', '\n', ' y'), { maxLength: 6 }).map((parts) => `"${parts.join('')}"`),
    );
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(table, fc.nat(4), (rows, cut) => {
        const records = rows.map((row) => row.join(','));
        const lines = records.join('\n').split('\n');
        const mender = new QuoteMender(',');
        const got = [...mender.push(lines.slice(0, cut)), ...mender.push(lines.slice(cut)), ...mender.end()];
        expect(got).toEqual(records);
      }),
    );
  });

  it.each([
    ['a line of cells whose quotes nothing closes', Array.from({ length: 40_000 }, () => '"a').join(',')],
    ['a line of cells with a quote too many', Array.from({ length: 40_000 }, () => '"a"b"').join(',')],
    ['lines that each open a quote', Array.from({ length: 10_000 }, () => 'a,"b,c').join('\n')],
  ])('takes time in proportion to the text: %s', (_, text) => {
    const mender = new QuoteMender(',');
    const before = process.cpuUsage();
    const records = [...mender.push(text.split('\n')), ...mender.end()];
    const { user, system } = process.cpuUsage(before);
    expect(records).toHaveLength(text.split('\n').length);
    expect((user + system) / 1000).toBeLessThan(2_000);
  });
});
