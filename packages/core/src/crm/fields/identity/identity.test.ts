import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aadhaarNumberFault,
  gstinFault,
  hideAadhaarNumbers,
  holdsAadhaarNumber,
  luhnMod36Character,
  luhnMod36Holds,
  panFault,
  verhoeffDigit,
  verhoeffHolds,
} from './index.js';

const digitText = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 })
  .map((list) => list.join(''));
const codeText = fc
  .array(fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'), { minLength: 1, maxLength: 20 })
  .map((list) => list.join(''));

/** The text with another character in one place. */
function altered(text: string, place: number, character: string): string {
  return text.slice(0, place) + character + text.slice(place + 1);
}

/** The text with two neighbours swapped. */
function swapped(text: string, place: number): string {
  return text.slice(0, place) + text.charAt(place + 1) + text.charAt(place) + text.slice(place + 2);
}

describe('Verhoeff check digits', () => {
  it.each([
    ['236', '3'],
    ['12345', '1'],
    ['142857', '0'],
    ['23412341234', '6'],
  ])('%s has %s', (digits, check) => {
    expect(verhoeffDigit(digits)).toBe(check);
    expect(verhoeffHolds(digits + check)).toBe(true);
  });

  it('finds every wrong digit and every swap of neighbours', () => {
    fc.assert(
      fc.property(digitText, fc.nat(), fc.integer({ min: 0, max: 9 }), (digits, at, wrong) => {
        const whole = digits + verhoeffDigit(digits);
        expect(verhoeffHolds(whole)).toBe(true);
        const place = at % whole.length;
        const mistyped = altered(whole, place, String(wrong));
        expect(verhoeffHolds(mistyped)).toBe(mistyped === whole);
        const turned = swapped(whole, at % (whole.length - 1));
        expect(verhoeffHolds(turned)).toBe(turned === whole);
      }),
    );
  });

  it('holds for nothing but digits', () => {
    for (const text of ['', '0', 'abc', '２３６３', '236 3']) expect(verhoeffHolds(text)).toBe(false);
  });
});

describe('Luhn mod 36', () => {
  it('ends the published GSTINs', () => {
    for (const gstin of ['27AAPFU0939F1ZV', '29AAGCB7383J1Z4', '24AAACC1206D1ZM']) {
      expect(luhnMod36Character(gstin.slice(0, -1)), gstin).toBe(gstin.slice(-1));
    }
  });

  it('finds every wrong character', () => {
    fc.assert(
      fc.property(codeText, fc.nat(), fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'), (text, at, wrong) => {
        const whole = text + luhnMod36Character(text);
        expect(luhnMod36Holds(whole)).toBe(true);
        const mistyped = altered(whole, at % whole.length, wrong);
        expect(luhnMod36Holds(mistyped)).toBe(mistyped === whole);
      }),
    );
  });
});

describe('Aadhaar numbers', () => {
  it('take the number that UIDAI uses in samples', () => {
    expect(aadhaarNumberFault('234123412346')).toBeUndefined();
  });

  it.each([
    ['23412341234', /12 digits/],
    ['2341234123460', /12 digits/],
    ['034123412346', /begins with 0 or 1/],
    ['134123412346', /begins with 0 or 1/],
    ['234123412347', /check digit/],
    ['243123412346', /check digit/],
    ['222222222222', /backwards/],
  ])('%s: %s', (digits, fault) => {
    expect(aadhaarNumberFault(digits)).toMatch(fault);
  });

  it('are found inside a text however their digits are parted', () => {
    for (const text of ['ref 2341 2341 2346', '2341-2341-2346/1', 'a234123412346b'])
      expect(holdsAadhaarNumber(text)).toBe(true);
    for (const text of ['2346', '234123412347', '2341234123461', 'vault-0194b5e1'])
      expect(holdsAadhaarNumber(text)).toBe(false);
  });
});

describe('Aadhaar numbers in free text', () => {
  it.each([
    ['his card says 2341 2341 2346, call him', 'his card says XXXX XXXX 2346, call him'],
    ['234123412346', 'XXXX XXXX 2346'],
    ['2341-2341-2346/2341.2341.2346', 'XXXX XXXX 2346/XXXX XXXX 2346'],
    ['2341 - 2341 - 2346', 'XXXX XXXX 2346'],
    ['2341–2341—2346', 'XXXX XXXX 2346'],
    ['2341/2341/2346', 'XXXX XXXX 2346'],
    ['2341_2341_2346', 'XXXX XXXX 2346'],
    ['2341,2341, 2346', 'XXXX XXXX 2346'],
    ['23412341 2346 and 2341 23412346', 'XXXX XXXX 2346 and XXXX XXXX 2346'],
    ['2341\u200b2341\u00a02346', 'XXXX XXXX 2346'],
    ['2 3 4 1  2 3 4 1  2 3 4 6', 'XXXX XXXX 2346'],
    ['no. 12 2341 2341 2346 98200 12345', 'no. 12 XXXX XXXX 2346 98200 12345'],
    ['आधार 2341  2341  2346।', 'आधार XXXX XXXX 2346।'],
    ['२३४१ २३४१ २३४६', 'XXXX XXXX 2346'],
    ['௨௩௪௧௨௩௪௧௨௩௪௬', 'XXXX XXXX 2346'],
    ['𑄸𑄹𑄺𑄷 2341 2346', 'XXXX XXXX 2346'],
    ['a234123412346b', 'aXXXX XXXX 2346b'],
    ['LEAD-202601-234123412346', 'LEAD-202601-XXXX XXXX 2346'],
    ['00000000-0000-0000-0000-234123412346', '00000000-0000-0000-0000-XXXX XXXX 2346'],
  ])('%s is kept as %s', (text, kept) => {
    expect(hideAadhaarNumbers(text)).toBe(kept);
  });

  it.each([
    { what: 'a wrong check digit', text: '234123412347' },
    { what: 'thirteen digits', text: '2341234123461' },
    { what: 'the last four', text: 'XXXX XXXX 2346' },
    {
      what: 'a phone number with its country',
      text: `+91982001234${verhoeffDigit('91982001234')}, +91 98200 1234${verhoeffDigit('91982001234')}`,
    },
    { what: 'amounts and shares', text: '45,000, 12,500, 10%' },
    { what: 'two dates', text: '2026-11-22 2026-11-25' },
    { what: 'the number of a lead', text: `LEAD-202601-12345${verhoeffDigit('20260112345')}` },
    { what: 'an id', text: '0194b5e1-0000-7000-8000-234123412346' },
    { what: 'nothing', text: '' },
  ])('$what is left as it is', ({ text }) => {
    expect(hideAadhaarNumbers(text)).toBe(text);
  });

  it('leave no valid number in any text, and none to hide a second time', () => {
    const number = fc.stringMatching(/^[2-9][0-9]{10}$/).map((digits) => digits + verhoeffDigit(digits));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(number, fc.constantFrom(' ', '-', ', ', 'ref', '7')), { maxLength: 8 }),
        (parts) => {
          expect(holdsAadhaarNumber(hideAadhaarNumbers(parts.join(' ')))).toBe(false);
        },
      ),
    );
  });
});

describe('PAN structure', () => {
  it.each(['ACUPA7085R', 'ABCPE1234F', 'AAPFU0939F', 'AAACC1206D'])('takes %s', (pan) => {
    expect(panFault(pan)).toBeUndefined();
  });

  it.each([
    ['ABCPE123F', /9 characters, not 10/],
    ['ABCPE12345', /no letter in place 10/],
    ['ABCP11234F', /no letter in place 5/],
    ['ABCPEO234F', /no digit in place 6/],
    ['ABCDE1234F', /fourth letter/],
    ['ABCPE0000F', /0000/],
    ['abcpe1234f', /no letter in place 1/],
    ['ÄBCPE1234F', /no letter in place 1/],
  ])('%s: %s', (pan, fault) => {
    expect(panFault(pan)).toMatch(fault);
  });
});

describe('GSTIN structure', () => {
  it.each([
    ['27AAPFU0939F1ZV', undefined],
    ['27AAPFU0939F1Z', /14 characters/],
    ['00AAPFU0939F1ZV', /code of a state/],
    ['27AAPDU0939F1ZV', /PAN in places 3 to 12 that has a fourth letter/],
    ['27AAPFU0939F0ZV', /place 13/],
    ['27AAPFU0939F1XV', /Z in place 14/],
    ['27AAPFU0939F1ZX', /check character/],
    ['27AAPFU0993F1ZV', /check character/],
  ])('%s: %s', (gstin, fault) => {
    if (fault === undefined) expect(gstinFault(gstin)).toBeUndefined();
    else expect(gstinFault(gstin)).toMatch(fault);
  });
});
