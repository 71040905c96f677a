import { hasCode } from '@lms/core/kernel';
import { expect, it } from 'vitest';
import { blocksOf, consentsOf, saidInFile, saidWithLead } from './consent-flags.js';

const place = { timeZone: 'Asia/Kolkata' };
const usage = expect.toSatisfy((error: unknown) => hasCode(error, 'USAGE_INVALID'));

it.each([
  ['marketing', { purpose: 'marketing', wording: { language: 'en' } }],
  ['marketing:hi', { purpose: 'marketing', wording: { language: 'hi' } }],
  ['marketing:en-IN:3', { purpose: 'marketing', wording: { language: 'en-IN', version: 3 } }],
  ['marketing@Marketing OK', { purpose: 'marketing', wording: { language: 'en' }, column: 'Marketing OK' }],
  ['kyc:hi:2@yes@home: 2', { purpose: 'kyc', wording: { language: 'hi', version: 2 }, column: 'yes@home: 2' }],
] as const)('reads --consent %s', (text, consent) => {
  expect(consentsOf({ consent: [text] }, place)).toEqual([consent]);
});

it('takes one moment for all consents of a file', () => {
  const given = consentsOf({ consent: ['marketing', 'kyc'], consentGiven: '2026-01-31' }, place);
  expect(given.map(({ givenAt }) => givenAt)).toEqual(Array(2).fill('2026-01-30T18:30:00.000Z'));
});

it.each(['', '@Column', 'Marketing', 'marketing:', 'marketing:hi:two', 'marketing@'])(
  'refuses --consent "%s"',
  (text) => {
    expect(() => consentsOf({ consent: [text] }, place)).toThrow(usage);
  },
);

it('reads channels, and refuses what is none', () => {
  expect(blocksOf({ block: ['call', 'all@DND'] })).toEqual([{ channel: 'call' }, { channel: 'all', column: 'DND' }]);
  expect(() => blocksOf({ block: ['fax'] })).toThrow(usage);
});

it('says nothing where nothing is said, and refuses what belongs to a consent that is not there', () => {
  expect(saidInFile({}, place)).toEqual({});
  expect(() => saidInFile({ consentSource: 'web' }, place)).toThrow(usage);
  expect(() => saidInFile({ consentGiven: '2026-01-31' }, place)).toThrow(usage);
});

it('wants to know of one lead how its person said so, and no column', () => {
  expect(saidWithLead({}, place)).toEqual({});
  expect(() => saidWithLead({ consent: ['marketing'] }, place)).toThrow(usage);
  expect(() => saidWithLead({ consent: ['marketing@OK'], consentSource: 'web' }, place)).toThrow(usage);
  expect(saidWithLead({ consent: ['marketing'], block: ['sms'], consentSource: 'web' }, place)).toEqual({
    consents: [{ purpose: 'marketing', wording: { language: 'en' }, source: 'web' }],
    contactBlocks: [{ channel: 'sms', source: 'web' }],
  });
});
