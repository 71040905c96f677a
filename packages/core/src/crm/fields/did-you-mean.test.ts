import { expect, it } from 'vitest';
import { nearestWord } from './did-you-mean.js';

const known = ['loanAmount', 'mobile', 'fullName', 'pan'];

it.each([
  ['loanAmont', 'loanAmount'],
  ['loan_amount', 'loanAmount'],
  ['moblie', 'mobile'],
  ['FULLNAME', 'fullName'],
  ['pam', 'pan'],
])('reads %s as %s', (typed, meant) => {
  expect(nearestWord(typed, known)).toBe(meant);
});

it.each(['x', '', 'aadhaar', '__proto__', 'l'.repeat(10_000)])('makes nothing of %s', (typed) => {
  expect(nearestWord(typed, known)).toBeNull();
});
