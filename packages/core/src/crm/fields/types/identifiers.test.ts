import { describe, expect, it } from 'vitest';
import { context, expectTaken, field, parse, refusalOf, typeOf } from './test-support.js';

describe('a PAN', () => {
  it.each(['ABCPE1234F', ' abcpe1234f ', 'ABCPE 1234 F', 'ABCPE-1234-F', 'ABCPE१२३४F'])('%j', (input) => {
    expectTaken(field('pan'), input, 'ABCPE1234F');
  });

  it('is refused by its place, not by its letters', () => {
    expect(refusalOf(field('pan'), 'ABCPEI234F')).toEqual({
      rule: 'type',
      message: 'a text of the shape "AAAAAA###A" has no digit in place 6',
      expected: 'a PAN such as ABCPE1234F',
    });
  });

  it('may be of one kind of holder', () => {
    const person = field('pan', { validation: { pattern: '...P.*' } });
    expectTaken(person, 'ABCPE1234F', 'ABCPE1234F');
    expect(refusalOf(person, 'AAACC1206D').rule).toBe('pattern');
  });

  it('is masked as the tax department does', () => {
    expect(typeOf(field('pan')).mask('ABCPE1234F')).toBe('ABCPEXXXXF');
  });
});

describe('an Aadhaar number', () => {
  const aadhaar = field('aadhaar');
  const number = '234123412346';

  it.each([number, '2341 2341 2346', '2341-2341-2346', Number(number), '२३४१२३४१२३४६', `${number}.0`])(
    'is forgotten but for its last four digits: %j',
    (input) => {
      const result = parse(aadhaar, input);
      expect(result).toEqual({ ok: true, value: { last4: '2346' }, entered: 'XXXX XXXX 2346' });
    },
  );

  it.each(['XXXX XXXX 2346', 'xxxx-xxxx-2346', '********2346', '2346', '•••• •••• 2346'])(
    '%j is its last four',
    (input) => {
      expectTaken(aadhaar, input, { last4: '2346' });
    },
  );

  it('keeps the key of a vault', () => {
    expectTaken(
      aadhaar,
      { last4: '2346', referenceKey: 'vault:0194b5e1' },
      { last4: '2346', referenceKey: 'vault:0194b5e1' },
    );
    expectTaken(aadhaar, 'XXXX XXXX 2346, reference vault:0194b5e1', { last4: '2346', referenceKey: 'vault:0194b5e1' });
    expectTaken(aadhaar, `${number} ref: k7`, { last4: '2346', referenceKey: 'k7' });
  });

  it.each([
    ['234123412347', /check digit/],
    ['134123412346', /begins with 0 or 1/],
    ['23412341234', /11 digits, not 12/],
    ['2341234123412341', /virtual id/],
    ['2.34123E+11', /not an Aadhaar number/],
    ['abcd', /not an Aadhaar number/],
    ['XXXX XXXX 346', /not an Aadhaar number/],
    [{ last4: number }, /not four digits/],
    [{ last4: 2346 }, /object/],
    [{ last4: '2346', number }, /object/],
    [{ last4: '2346', referenceKey: number }, /reference key/],
    [{ last4: '2346', referenceKey: 'a b' }, /reference key/],
    [{ last4: '2346', referenceKey: 5 }, /not text/],
    [`2346 ref: ${number}`, /reference key/],
    ['9'.repeat(1000), /too long/],
  ])('refuses %j and repeats no digit of it', (input, reason) => {
    for (const pii of ['identifier', 'none'] as const) {
      const refusal = refusalOf({ ...aadhaar, pii }, input);
      expect(refusal.message).toMatch(reason);
      expect(refusal.message).not.toMatch(/2341|3412|4123/);
    }
  });

  it('is never told in full, even when its field is called public', () => {
    const open = field('aadhaar', { pii: 'none' });
    expect(refusalOf(open, '234123412347').message).not.toContain('2341');
    expect(typeOf(open).mask({ last4: '2346' })).toBe('XXXX XXXX 2346');
    expect(typeOf(open).print({ last4: '2346' }, open, context)).toBe('XXXX XXXX 2346');
  });
});

describe('an Aadhaar number in another field', () => {
  it.each(['pincode', 'money', 'date', 'integer', 'boolean'] as const)('is not repeated by %s', (type) => {
    expect(refusalOf(field(type), '2341 2341 2346 x').message).not.toContain('2341');
  });
});

describe('other codes', () => {
  it.each([
    ['gstin', '27aapfu0939f1zv', '27AAPFU0939F1ZV'],
    ['ifsc', 'kkbk 0000 261', 'KKBK0000261'],
    ['pincode', '560 038', '560038'],
    ['pincode', 560_038, '560038'],
    ['pincode', '५६००३८', '560038'],
  ] as const)('%s %j', (type, input, value) => {
    expectTaken(field(type), input, value);
  });

  it.each([
    ['gstin', '27AAPFU0939F1ZX', /check character/],
    ['ifsc', 'KKBKO000261', /the letter O/],
    ['ifsc', 'KKB00000261', /four letters of a bank/],
    ['ifsc', 'KKBK000026', /10 characters, not 11/],
    ['ifsc', 'KKBK00002$1', /letters and digits/],
    ['pincode', '056003', /begins with 0/],
    ['pincode', '5600', /4 digits, not 6/],
    ['pincode', 'Pune', /not a PIN code/],
  ] as const)('refuses %s %j', (type, input, reason) => {
    expect(refusalOf(field(type), input).message).toMatch(reason);
  });

  it('may be of one place', () => {
    const bengaluru = field('pincode', { validation: { pattern: '560...' } });
    expectTaken(bengaluru, '560038', '560038');
    expect(refusalOf(bengaluru, '411001')).toMatchObject({
      rule: 'pattern',
      message: expect.stringContaining('411001'),
    });
  });
});
