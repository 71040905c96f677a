import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LookupHasher } from './lookup-hasher.js';

const key = Uint8Array.from({ length: 32 }, (_, index) => index);
const hasher = new LookupHasher(key);

test('is HMAC-SHA-256 over the purpose and the text, for ever the same', () => {
  const expected = createHmac('sha256', key).update('5:phone+919876543210').digest('base64url');
  expect(hasher.hash('phone', '+919876543210')).toBe(expected);
  expect(expected).toBe('6HLrbmkB7_EomFbkjrwqf6JJ6QqEFWh1HizRvf1-Wfg');
});

test('purposes never meet', () => {
  const pair = fc.tuple(fc.string(), fc.string());
  fc.assert(
    fc.property(pair, pair, ([purpose, text], [otherPurpose, otherText]) => {
      const same = purpose === otherPurpose && text === otherText;
      expect(hasher.hash(purpose, text) === hasher.hash(otherPurpose, otherText)).toBe(same);
    }),
  );
  expect(hasher.hash('a', 'bc')).not.toBe(hasher.hash('ab', 'c'));
});

test('another key gives other hashes', () => {
  expect(new LookupHasher(new Uint8Array(32)).hash('phone', '1')).not.toBe(hasher.hash('phone', '1'));
});

test('is the HMAC of the standard library, for texts of any length', () => {
  const purpose = fc.string({ maxLength: 20 });
  const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 600 }), fc.string({ minLength: 480, maxLength: 530 }));
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(key, fc.array(fc.tuple(purpose, text), { minLength: 1, maxLength: 4 }), (bytes, inputs) => {
      const hasher = new LookupHasher(bytes);
      for (const [each, value] of inputs) {
        const expected = createHmac('sha256', bytes).update(`${each.length}:${each}${value}`, 'utf8');
        expect(hasher.hash(each, value)).toBe(expected.digest('base64url'));
      }
    }),
  );
});
