import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { listItem, pad, shorten, textWidth, wrap } from './text-width.js';

/** What stands in names, notes and amounts, and what somebody may paste into them. */
const pieces = fc.oneof(
  fc.constantFrom('Asha Rao', 'आशा राव', 'क्ष', 'क्\u200Dष', 'தமிழ்', 'ಕನ್ನಡ', 'বাংলা', '日本', 'ﾊﾟ', '한국', 'é', 'e\u0301'),
  fc.constantFrom('👩‍💼', '👍🏽', '🇮🇳', '☎️', '1️⃣', '✅', '🙏', '₹5,00,000', '…', '·', '\u200B', '\u00AD', '\u00A0', '×'),
  fc.string({ unit: 'grapheme-ascii', maxLength: 4 }),
);
const texts = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(''));
/** Colours are put on later; what a text brings along of them was replaced by `printable`. */
const isPrintable = (text: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(text);

describe('the columns that a text takes', () => {
  it.each([
    ['Asha', 4],
    ['क', 1],
    ['हिन्दी', 5],
    ['日本', 4],
    ['👩‍💼', 2],
    ['🇮🇳', 2],
    ['₹5,00,000', 9],
    ['', 0],
  ])('%s: %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('are those that string-width counts', () => {
    fc.assert(
      fc.property(texts.filter(isPrintable), (text) => {
        expect(textWidth(text)).toBe(stringWidth(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('cutting', () => {
  it('is between characters, never inside one, and says so', () => {
    expect(shorten('Asha Rao', 20)).toBe('Asha Rao');
    expect(shorten('Asha Rao', 7)).toBe('Asha R…');
    expect(shorten('日本語', 4)).toBe('日…');
    expect(shorten('👩‍💼👩‍💼', 3)).toBe('👩‍💼…');
    expect(shorten('Asha', 0)).toBe('');
  });

  it('never takes more than it may', () => {
    fc.assert(
      fc.property(texts, fc.nat(30), (text, width) => {
        expect(textWidth(shorten(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapping', () => {
  it('breaks between words, and inside a word only where it is wider than a line', () => {
    expect(wrap('salaried | self-employed | business', 16)).toEqual(['salaried |', 'self-employed |', 'business']);
    expect(wrap('01a202c2-bd9d dead', 8)).toEqual(['01a202c2', '-bd9d', 'dead']);
    expect(wrap('short', 16)).toEqual(['short']);
    expect(wrap('日本語', 1)).toEqual(['日', '本', '語']);
  });

  it('loses nothing but spaces, and keeps to the width', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrap(text, width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        // A character of three columns and more (a long conjunct) stays whole.
        for (const line of lines)
          expect(textWidth(line)).toBeLessThanOrEqual(Math.max(width, textWidth(line.slice(0, 12))));
      }),
    );
  });
});

describe('an item of a list', () => {
  it('goes on further in, and stays whole where nothing limits it', () => {
    expect(listItem('row 39: expected a PAN', 16)).toEqual(['  row 39:', '    expected a', '    PAN']);
    expect(listItem('row 39: expected a PAN', Number.POSITIVE_INFINITY)).toEqual(['  row 39: expected a PAN']);
  });
});

describe('filling up', () => {
  it('counts columns, not characters', () => {
    expect(pad('日本', 6)).toBe('日本  ');
    expect(pad('5', 3, 'right')).toBe('  5');
    expect(pad('longer', 3)).toBe('longer');
  });
});
