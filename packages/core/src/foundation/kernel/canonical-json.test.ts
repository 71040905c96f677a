import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { hasCode } from './errors.js';
import type { Json } from './events.js';

describe('canonical JSON', () => {
  it('spells the example of RFC 8785 §3.2.2 as the RFC does', () => {
    const value: Json = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('orders keys by UTF-16 units', () => {
    const value: Json = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it('gives equal text for equal values, whatever the order of their keys, and loses nothing', () => {
    const reversed = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]): [string, Json] => [key, reversed(inner)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (generated) => {
        const value: Json = JSON.parse(JSON.stringify(generated));
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });

  it('is what the reference implementation gives, whatever the keys', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('__proto__', '10', '9', '-1', '01', 'toJSON', ''),
    );
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value')), fc.dictionary(key, tie('value'))),
    }));
    const outcome = (work: () => string | undefined): string => {
      try {
        return `text ${work()}`;
      } catch {
        return 'refused';
      }
    };
    fc.assert(
      fc.property(value, (given) => {
        const json = given as Json;
        expect(outcome(() => canonicalJson(json))).toBe(outcome(() => canonicalize(json)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses what JSON cannot hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { '\udc00': 1 }] satisfies Json[]) {
      let error: unknown;
      try {
        canonicalJson(value);
      } catch (thrown) {
        error = thrown;
      }
      expect(hasCode(error, 'VALUE_NOT_STORABLE')).toBe(true);
    }
  });
});
