import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, isErrorMark, isFormula, markedText, unmarkedText } from './csv-cell.js';

const nasty = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom(...`'=+-@＝＋－＠\t\r\n1a "\u00a0\u200b\ufeff\u0007`, '#N/A', '#REF!'), { maxLength: 8 })
    .map((parts) => parts.join('')),
);

describe('the text of a csv cell', () => {
  it.each([
    '=1+1',
    '@SUM(A1)',
    '+1+cmd|x',
    '-A1',
    "=HYPERLINK('x')",
    '＝1+1',
    '＋A1',
    '－A1',
    '＠SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\ttext',
    '\rtext',
    '\ntext',
    ' =1',
    '  ＝1',
    '\u00a0-A1',
    ' \t@x',
    '\u200b=1',
    '\ufeff+A1',
    '\u0007=1',
    '#N/A',
  ])('%j is marked', (text) => {
    expect(markedText(text)).toBe(`'${text}`);
  });

  it.each(['-5.50', ' -5.50', '+91 98200-12345', '(022) 2345', 'a=b', "O'Neil", "'tis", '#1 Traders', ' padded', ''])(
    '%j stays',
    (text) => {
      expect(markedText(text)).toBe(text);
    },
  );

  it('never begins as a formula does, and comes back as it was', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(isFormula(markedText(text))).toBe(false);
        expect(unmarkedText(markedText(text)).text).toBe(text);
      }),
    );
  });

  it('is marked wherever it would be taken for a failed formula', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const { text: read, isMarked } = unmarkedText(markedText(text));
        expect(isErrorMark(read) && !isMarked).toBe(false);
      }),
    );
  });

  it('stands in quotes only where it must', () => {
    expect(csvCell('a b', ',')).toBe('a b');
    expect(csvCell('a,b', ',')).toBe('"a,b"');
    expect(csvCell('a:b', ':')).toBe('"a:b"');
    expect(csvCell('say "a"', ',')).toBe('"say ""a"""');
    expect(csvCell('two\nlines', ',')).toBe('"two\nlines"');
    expect(csvCell(' padded', ',')).toBe('" padded"');
  });

  it.each([',', ';', '\t', '|'])('that holds %j stands in quotes, whatever parts the file', (sign) => {
    for (const delimiter of [',', ';', '\t', '|']) expect(csvCell(`Asha${sign}=1`, delimiter)).toBe(`"Asha${sign}=1"`);
  });
});
