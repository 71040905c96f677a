import { describe, expect, it } from 'vitest';
import { context, expectTaken, field, parse, readValue, refusalOf, typeOf } from './test-support.js';

describe('a phone number', () => {
  it.each([
    '9876543210',
    '98765 43210',
    '98765-43210',
    '+91 98765 43210',
    '+91-9876543210',
    '919876543210',
    '0091 98765 43210',
    '09876543210',
    '091-98765-43210',
    '(+91) 98765.43210',
    '९८७६५४३२१०',
    '9876543210.0',
    'tel:+919876543210',
    '\u202a+91 98765 43210\u202c',
    9_876_543_210,
  ])('%j is the same Indian number', (input) => {
    expectTaken(field('phone'), input, '+919876543210');
  });

  it.each([
    ['022-12345678', '+912212345678'],
    ['+1 (415) 555-2671', '+14155552671'],
    ['+44 20 7946 0958', '+442079460958'],
    ['00971 50 123 4567', '+971501234567'],
  ])('%j', (input, value) => {
    expectTaken(field('phone'), input, value);
  });

  it.each([
    ['9.87654E+09', /spreadsheet has dropped/],
    ['9999999999', /repeats one digit/],
    ['0000000000', /not an Indian number|repeats/],
    ['12345', /5 digits/],
    ['987654321', /9 digits/],
    ['98765432101', /11 digits/],
    ['1234567890', /number of a person/],
    ['1800 123 4567', /number of a person/],
    ['98765 43210 / 98765 43211', /more than one number/],
    ['9876543210, 9876543211', /more than one number/],
    ['022-12345678 ext 12', /extension/],
    ['+999 123456789', /that country/],
    ['+1 415', /that country/],
    ['NA', /not a phone number/],
    ['98765abcde', /Indian number/],
    ['9'.repeat(100), /too long/],
    [{ $ne: null }, /object/],
    [true, /not a phone number/],
  ])('refuses %j', (input, reason) => {
    expect(refusalOf(field('phone'), input).message).toMatch(reason);
  });

  it('tells the shape of what was typed, not the number', () => {
    expect(refusalOf(field('phone'), '98765 4321').message).toBe(
      'a text of the shape "##### ####" is not an Indian number (it has 9 digits)',
    );
    expect(refusalOf({ ...field('phone'), pii: 'none' }, '98765 4321').message).toContain('98765 4321');
    expect(typeOf(field('phone')).mask('+919876543210')).toBe('*********3210');
  });

  it('matches a pattern on its full form', () => {
    const indian = field('phone', { validation: { pattern: '\\+91[6-9].*' }, help: 'An Indian mobile number' });
    expectTaken(indian, '9876543210', '+919876543210');
    expect(refusalOf(indian, '+14155552671')).toMatchObject({ rule: 'pattern', expected: 'An Indian mobile number' });
  });
});

describe('an email address', () => {
  it.each([
    ['Asha.Verma@Example.IN', 'Asha.Verma@example.in'],
    [' asha+loan@mail.example.co.in ', 'asha+loan@mail.example.co.in'],
    ['mailto:asha@example.in', 'asha@example.in'],
    ['<asha@example.in>', 'asha@example.in'],
    ['आशा@उदाहरण.भारत', 'आशा@उदाहरण.भारत'],
    ["o'brien_7@a-b.example", "o'brien_7@a-b.example"],
  ])('%j', (input, value) => {
    expectTaken(field('email'), input, value);
  });

  it.each([
    ['NA', /no @/],
    ['asha@', /no domain/],
    ['@example.in', /no mailbox/],
    ['asha@example', /no domain/],
    ['asha@example..in', /no domain/],
    ['asha@-example.in', /no domain/],
    ['asha@127.0.0.1', /no domain/],
    ['.asha@example.in', /no mailbox/],
    ['asha..verma@example.in', /no mailbox/],
    ['asha verma@example.in', /space/],
    ['asha@example.in, ravi@example.in', /more than one @/],
    [`${'a'.repeat(65)}@example.in`, /no mailbox/],
    [`a@${'b'.repeat(300)}.in`, /too long/],
  ])('refuses %j', (input, reason) => {
    const refusal = refusalOf(field('email'), input);
    expect(refusal.message).toMatch(reason);
    expect(refusal.message).not.toMatch(/asha|ravi/);
  });

  it('is one address in any case, and shows its domain alone', () => {
    const type = typeOf(field('email'));
    expect(type.normalise('Asha.Verma@example.in')).toBe('asha.verma@example.in');
    expect(type.mask('asha.verma@example.in')).toBe('a***@example.in');
  });
});

describe('a web address', () => {
  it('keeps no whole Aadhaar number, and is an address still', () => {
    const url = 'https://example.in/kyc?id=XXXXXXXX2346';
    expect(parse(field('url'), 'https://example.in/kyc?id=2341-2341-2346')).toMatchObject({ value: url, entered: url });
  });

  it.each([
    ['www.example.in', 'https://www.example.in/'],
    ['example.in/offers?id=5', 'https://example.in/offers?id=5'],
    ['HTTP://Example.IN/A', 'http://example.in/A'],
    ['example.in:8443', 'https://example.in:8443/'],
    ['https://उदाहरण.भारत/', 'https://xn--p1b6ci4b4b3a.xn--h2brj9c/'],
  ])('%j', (input, value) => {
    expectTaken(field('url'), input, value);
  });

  it.each([
    ['javascript:alert(1)', /not an address of the web/],
    ['file:///etc/passwd', /not an address of the web/],
    ['data:text/html,x', /not an address of the web/],
    ['ftp://example.in', /not an address of the web/],
    ['localhost', /not an address of the web/],
    ['https://', /not an address of the web/],
    ['https://asha:secret@example.in', /user name or password/],
    ['our site example.in', /space/],
    [`https://example.in/${'x'.repeat(2100)}`, /longer than 2048/],
  ])('refuses %j', (input, reason) => {
    expect(refusalOf(field('url'), input).message).toMatch(reason);
  });
});

describe('an address', () => {
  it('keeps no whole Aadhaar number, typed in a line or in parts', () => {
    const hidden = { line1: '12 MG Road', line2: 'UID XXXX XXXX 2346' };
    expect(readValue(field('address'), { line1: '12 MG Road', line2: 'UID 2341-2341-2346' })).toEqual(hidden);
    expect(parse(field('address'), 'UID 2341 2341 2346, Pune 411001')).toEqual({
      ok: true,
      value: { line1: 'UID XXXX XXXX 2346', city: 'Pune', pincode: '411001' },
      entered: 'UID XXXX XXXX 2346, Pune 411001',
    });
  });

  it.each([
    [
      '12 MG Road, Indiranagar, Bengaluru, Karnataka 560038',
      { line1: '12 MG Road, Indiranagar', city: 'Bengaluru', state: 'Karnataka', pincode: '560038' },
    ],
    ['12 MG Road, Pune - 411 001', { line1: '12 MG Road', city: 'Pune', pincode: '411001' }],
    ['5, Civil Lines, Pune, PIN: 411001, India', { line1: '5, Civil Lines, Pune, PIN: 411001, India' }],
    ['5, Civil Lines, Pune, MH', { line1: '5, Civil Lines', city: 'Pune', state: 'Maharashtra' }],
    ['Near Shiv Mandir, Rampur', { line1: 'Near Shiv Mandir, Rampur' }],
    ['Shop 4\nStation Road\nNashik 422001', { line1: 'Shop 4 Station Road Nashik', pincode: '422001' }],
    ['560038', { line1: '560038' }],
    [
      { line1: ' 12  MG Road ', line2: '', city: 'Pune', state: 'MH', pincode: 411001 },
      { line1: '12 MG Road', city: 'Pune', state: 'Maharashtra', pincode: '411001' },
    ],
    [
      '12 MG Road | Near | the | Temple | 411001',
      { line1: '12 MG Road', line2: 'Near', city: 'the', state: 'Temple', pincode: '411001' },
    ],
  ])('%j', (input, value) => {
    expectTaken(field('address'), input, value);
  });

  it.each([
    [{ city: 'Pune' }, /no first line/],
    [{ line1: 'x', pincode: '4110' }, /PIN code that has 4 digits/],
    [{ line1: { $gt: 1 } }, /line1 that is not text/],
    [{ line1: 'x', country: 'IN' }, /object/],
    [JSON.parse('{"line1": "x", "__proto__": {"city": "y"}}'), /object/],
    [{ line1: 'x'.repeat(301) }, /more than 300/],
    ['x'.repeat(1001), /longer than 1000/],
    [['a'], /list/],
  ])('refuses %j', (input, reason) => {
    expect(refusalOf(field('address'), input).message).toMatch(reason);
  });

  it('is empty when its parts are', () => {
    expect(parse(field('address'), { line1: ' ', city: '' })).toEqual({ ok: true, empty: true });
    expect(parse(field('address'), {})).toEqual({ ok: true, empty: true });
  });

  it('is one line where a line says it all, and slots where it would not', () => {
    const print = (value: unknown): string => {
      const type = typeOf(field('address'));
      return type.print(readValue(field('address'), value), field('address'), context);
    };
    expect(print({ line1: '12 MG Road', city: 'Pune', state: 'MH', pincode: '411001' })).toBe(
      '12 MG Road, Pune, Maharashtra 411001',
    );
    expect(print({ line1: '12 MG Road', line2: 'Near | temple' })).toBe('12 MG Road | Near / temple | | |');
  });

  it('is the same however it is pointed', () => {
    const normal = (value: unknown): string => typeOf(field('address')).normalise(readValue(field('address'), value));
    expect(normal('12, M.G. Road, PUNE 411001')).toBe(
      normal({ line1: '12 M G Road', city: 'Pune', pincode: '411001' }),
    );
  });
});
