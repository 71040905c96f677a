import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLines, cleanText } from './clean-text.js';
import { foldDigits } from './digits.js';

describe('cleaning a line of text', () => {
  it.each([
    ['  Asha   Verma ', 'Asha Verma'],
    ['Asha\u00a0Verma\u202f', 'Asha Verma'],
    ['\ufeffAsha\u200b Ver\u00adma', 'Asha Verma'],
    ['Asha\r\n\tVerma', 'Asha Verma'],
    ['Asha\u0000\u0007Verma', 'AshaVerma'],
    ['\u202eamreV\u202c', 'amreV'],
    ['Cafe\u0301', 'Caf\u00e9'],
    ['A\u200dB', 'AB'],
    ['half \ud800 pair', 'half \ufffd pair'],
    ['', ''],
    [' \u200b \ufeff', ''],
  ])('%j becomes %j', (text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });

  it('keeps joiners that are part of the spelling', () => {
    expect(cleanText('क्\u200dष')).toBe('क्\u200dष');
    expect(cleanText('می\u200cخواهم')).toBe('می\u200cخواهم');
    expect(cleanText('क्\u200d ')).toBe('क्');
  });

  it('is idempotent and leaves one line without outer or double space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cleaned = cleanText(text);
        expect(cleanText(cleaned)).toBe(cleaned);
        expect(cleaned).not.toMatch(/^\s|\s$|\s\s|[\n\r\t]/);
      }),
    );
  });
});

describe('cleaning lines of text', () => {
  it('keeps line breaks and nothing else of the white space', () => {
    expect(cleanLines('\r\n Called twice. \r\n\r\n\tWants  5 lakh\u2028Bye\n')).toBe(
      'Called twice.\n\nWants 5 lakh\nBye',
    );
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cleaned = cleanLines(text);
        expect(cleanLines(cleaned)).toBe(cleaned);
      }),
    );
  });
});

describe('folding digits', () => {
  it.each([
    '०१२३४५६७८९',
    '০১২৩৪৫৬৭৮৯',
    '௦௧௨௩௪௫௬௭௮௯',
    '٠١٢٣٤٥٦٧٨٩',
    '۰۱۲۳۴۵۶۷۸۹',
    '０１２３４５６７８９',
    '꯰꯱꯲꯳꯴꯵꯶꯷꯸꯹',
    '𑄶𑄷𑄸𑄹𑄺𑄻𑄼𑄽𑄾𑄿',
  ])('%s', (digits) => {
    expect(foldDigits(`+${digits}a`)).toBe('+0123456789a');
  });

  it('leaves other text and other scripts alone', () => {
    expect(foldDigits('Verma ½ ² Ⅷ ᮳')).toBe('Verma ½ ² Ⅷ ᮳');
  });
});
