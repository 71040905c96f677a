import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasCode } from '../../foundation/kernel/index.js';
import { LookupHasher } from '../../foundation/privacy/index.js';
import { queryHash } from './lead-query.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';

test('decoding gives back what was encoded', () => {
  const value = fc.oneof(fc.string(), fc.maxSafeInteger(), fc.constant(null));
  fc.assert(
    fc.property(value, fc.uuid(), fc.string(), (sortValue, leadId, hash) => {
      const cursor = encodeCursor({ value: sortValue, leadId }, hash);
      expect(decodeCursor(cursor, hash)).toEqual({ value: sortValue, leadId });
    }),
  );
});

test('refuses a cursor of another query and text that is no cursor', () => {
  const cursor = encodeCursor({ value: 1, leadId: 'a' }, 'one');
  const foreign = Buffer.from('[1,"one",{"$gt":""},"a"]').toString('base64url');
  for (const attempt of [
    () => decodeCursor(cursor, 'two'),
    () => decodeCursor('nonsense', 'one'),
    () => decodeCursor(foreign, 'one'),
  ]) {
    expect(attempt).toThrow(expect.toSatisfy((error: unknown) => hasCode(error, 'CURSOR_INVALID')));
  }
});

test('a cursor tells nothing of its query to those who lack the look-up key', () => {
  const query = { productLine: 'personal-loan', phone: '9876543210' };
  const hashes = [1, 2].map((byte) => queryHash(query, new LookupHasher(new Uint8Array(32).fill(byte))));
  expect(new Set(hashes).size).toBe(2);
});
