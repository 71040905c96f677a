import { expect, it } from 'vitest';
import { type ConsentChoice, saidWith, sayingColumns } from './consent-choices.js';

const column = { heading: 'Marketing OK', letter: 'D' };
const marketing: ConsentChoice = { flag: '--consent', text: 'marketing:en', name: 'Offers' };
const calls: ConsentChoice = { flag: '--block', text: 'call', name: 'Do not contact by call' };

it('says what a column says in place of what was said of it before, and leaves what is said of others', () => {
  const before = { consent: ['kyc', 'kyc@column D', 'survey@Other'], block: ['sms@marketing ok', 'all'] };
  expect(saidWith(before, column, { name: 'Marketing OK', choice: marketing })).toEqual({
    consent: ['kyc', 'survey@Other', 'marketing:en@Marketing OK'],
    block: ['all'],
  });
  expect(saidWith({}, column, { name: 'column D', choice: calls })).toEqual({ block: ['call@column D'] });
  expect(saidWith({ consent: ['kyc@Marketing OK'] }, column, { name: 'Marketing OK', choice: null })).toEqual({});
});

it('knows the columns that say something', () => {
  const inColumn = { index: 3, ...column };
  const wording = { language: 'en', version: 1 };
  const consents = [
    { purpose: 'marketing', partner: null, wording, column: inColumn },
    { purpose: 'kyc', partner: null, wording, column: null },
  ];
  expect(sayingColumns({ consents, contactBlocks: [{ channel: 'call', column: null }] })).toEqual([
    { ...inColumn, says: 'consent marketing' },
  ]);
});
