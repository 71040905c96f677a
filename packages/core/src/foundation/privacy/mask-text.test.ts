import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskEmail, maskName, maskText } from './mask-text.js';

test.each([
  ['+919876543210', '******210'],
  ['1234567890123456', '******3456'],
  ['Flat 4, MG Road, Pune', '******Pune'],
  ['abc', '******'],
  ['', '******'],
])('the text %j is shown as %j', (text, masked) => {
  expect(maskText(text)).toBe(masked);
});

test.each([
  ['Asha Rao', 'A****** R******'],
  ['  asha   rao ', 'a****** r******'],
  ['R', '******'],
  ['आशा राव', 'आ****** रा******'],
  ['a b c d e f', '****** ****** ****** ******'],
])('the name %j is shown as %j', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});

test.each([
  ['asha.rao@example.in', 'a******@******.in'],
  ['a@example.in', '******@******.in'],
  ['no mail', '******'],
  ['@x.in', '******'],
])('the email %j is shown as %j', (email, masked) => {
  expect(maskEmail(email)).toBe(masked);
});

test('never shows more than a quarter of a text', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(20), (text, shownAtEnd) => {
      expect(maskText(text, shownAtEnd).length - '******'.length).toBeLessThanOrEqual(text.length / 4);
    }),
  );
});
