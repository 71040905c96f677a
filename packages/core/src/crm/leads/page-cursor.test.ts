import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasCode } from '../../foundation/kernel/index.js';
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
