import { expect, it } from 'vitest';
import { smsLength } from './sms-length.js';

it.each([
  ['', 'gsm-7', 1],
  ['a'.repeat(160), 'gsm-7', 1],
  ['a'.repeat(161), 'gsm-7', 2],
  ['a'.repeat(306), 'gsm-7', 2],
  ['a'.repeat(307), 'gsm-7', 3],
  // The euro sign takes two places, which are not cut in two: 152 and it do not fit into the first part.
  [`${'a'.repeat(152)}€${'a'.repeat(151)}`, 'gsm-7', 2],
  [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm-7', 3],
  ['€'.repeat(80), 'gsm-7', 1],
  ['€'.repeat(81), 'gsm-7', 2],
  // The backtick is in neither table.
  ['`', 'ucs-2', 1],
  ['न'.repeat(70), 'ucs-2', 1],
  ['न'.repeat(71), 'ucs-2', 2],
  ['न'.repeat(135), 'ucs-2', 3],
  ['😀'.repeat(35), 'ucs-2', 1],
  // 33 of them fill 66 of 67 places.
  ['😀'.repeat(67), 'ucs-2', 3],
] as const)('%j is %s in %i messages', (text, encoding, parts) => {
  expect(smsLength(text)).toEqual({ encoding, parts });
});
