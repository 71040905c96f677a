import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskText } from './mask-text.js';

describe('maskText', () => {
  it.each([
    ['the PAN ABCPE1234F is taken', 'the PAN [pan] is taken'],
    ['"pan":"abcpe1234f"', '"pan":"[pan]"'],
    ['Aadhaar 9999 4105 7058 and 999941057058', 'Aadhaar [aadhaar] and [aadhaar]'],
    ['virtual id 9999-4105-7058-1234', 'virtual id [aadhaar]'],
    ['call +91 98765 43210 or 09876543210, or 9876543210.', 'call [phone] or [phone], or [phone].'],
    ['from +1 415 555 2671', 'from [phone]'],
    ["o'neill+loans@mail.example.co.in wrote", '[email] wrote'],
    ['अशा@उदाहरण.भारत', '[email]'],
    ['GET /find?email=asha%40example.com', 'GET /find?email=[email]'],
    ['call 987 654 3210', 'call [phone]'],
    ['lead_ABCPE1234F, pan-ABCPE1234F', 'lead_[pan], pan-[pan]'],
    ['leads-9876543210.csv', 'leads-[phone].csv'],
  ])('hides what stands for a person: %s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    'job 01a20624-32b7-7535-a883-e536d16d9654 failed',
    'lead PL-2026-000123 at 2026-01-31T09:30:00.000Z took 1234 ms',
    'bytes 65536 of 633527, epoch 1767225600000',
    'amount 25,00,000.00 and version 42',
    'STORE_UNAVAILABLE at 127.0.0.1:27017',
    'at /srv/node_modules/vitest@5.1.1_@types+node@24.19.2/run.js:10:3',
  ])('leaves ids, instants, numbers and codes: %s', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('takes no longer for a long text that is nearly one', () => {
    const texts = [
      'a'.repeat(1_000_000),
      `a@${'a.'.repeat(100_000)}1`,
      '9'.repeat(100_000),
      '98765 4321 '.repeat(20_000),
    ];
    for (const text of texts) expect(maskText(text).length).toBeLessThan(20_100);
  });

  it('hides them wherever they stand, and masks nothing twice', () => {
    const planted = fc.constantFrom('ABCPE1234F', '9999 4105 7058', '+919876543210', '98765 43210', 'asha@example.com');
    const around = fc.constantFrom('', ' ', '"', '(', ': ', ', ', '\n', '=');
    fc.assert(
      fc.property(planted, around, around, (person, before, after) => {
        const masked = maskText(`x${before === '' ? ' ' : before}${person}${after}`);
        expect(masked).not.toContain(person);
        expect(maskText(masked)).toBe(masked);
      }),
    );
  });
});
