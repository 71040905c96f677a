import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaimedValues, rowReference } from './claimed-values.js';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

describe('values claimed by a dry run', () => {
  it('remembers who came first with each value, and no other value', () => {
    const key = fc.record({
      scope: fc.constantFrom('*', 'loans', 'cards'),
      rule: fc.constantFrom('mobile', 'email'),
      hash: fc.integer({ min: 0, max: 40 }).map((value) => hashOf(String(value))),
    });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
        const claims = new ClaimedValues();
        const model = new Map<string, string>();
        for (const [at, each] of keys.entries()) {
          const name = JSON.stringify(each);
          expect(claims.holder(each)).toBe(model.get(name) ?? null);
          if (model.has(name)) continue;
          claims.claim(each, rowReference(at + 1));
          model.set(name, rowReference(at + 1));
        }
      }),
    );
  });

  it('keeps all of a long file', () => {
    const claims = new ClaimedValues();
    const count = 100_000;
    const keyOf = (at: number) => ({ scope: 'loans', rule: 'mobile', hash: hashOf(String(at)) });
    for (let at = 1; at <= count; at += 1) claims.claim(keyOf(at), rowReference(at));
    for (let at = 1; at <= count; at += 97) expect(claims.holder(keyOf(at))).toBe(`row ${at}`);
    for (let at = count + 1; at <= count * 2; at += 97) expect(claims.holder(keyOf(at))).toBeNull();
  });
});
