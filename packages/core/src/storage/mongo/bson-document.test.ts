import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasCode } from '../../foundation/kernel/index.js';
import { toBsonDocument } from './bson-document.js';

function refusal(source: object): unknown {
  try {
    return toBsonDocument(source);
  } catch (error) {
    return error;
  }
}

it('turns amounts at any depth into 64-bit integers and leaves the rest', () => {
  const source = {
    amountPaise: 5,
    list: [{ amountPaise: Number.MAX_SAFE_INTEGER }],
    rate: '14',
    ratio: 0.5,
    none: null,
  };
  expect(toBsonDocument(source)).toEqual({
    amountPaise: 5n,
    list: [{ amountPaise: 9_007_199_254_740_991n }],
    rate: '14',
    ratio: 0.5,
    none: null,
  });
});

it('leaves out what is absent', () => {
  expect(toBsonDocument({ city: undefined, state: 'MH' })).toEqual({ state: 'MH' });
});

it.each([
  { name: 'an operator', source: { values: { $gt: '' } } },
  { name: 'a path', source: { values: { 'a.b': 1 } } },
  { name: 'a prototype', source: { values: JSON.parse('{"__proto__":{"admin":true}}') } },
  { name: 'a key with NUL', source: { values: { 'a\0b': 1 } } },
  { name: 'text with NUL', source: { note: 'a\0b' } },
  { name: 'half a surrogate pair', source: { note: '\ud83d' } },
  { name: 'an amount with a fraction', source: { amountPaise: 1.5 } },
  { name: 'an amount beyond 2^53-1', source: { values: { loan: { amountPaise: 2 ** 53 } } } },
  { name: 'a whole number beyond 2^53-1', source: { count: 2 ** 60 } },
  { name: 'NaN', source: { score: Number.NaN } },
  { name: 'a function', source: { call: () => 1 } },
])('refuses $name with VALUE_NOT_STORABLE', ({ source }) => {
  const error = refusal(source);
  expect(hasCode(error, 'VALUE_NOT_STORABLE'), String(error)).toBe(true);
});

it('says where, without the value of a text', () => {
  const error = refusal({ values: { note: ['secret\0'] } });
  expect(String(error)).toContain('values.note[0]');
  expect(String(error)).not.toContain('secret');
});

it('keeps every plain document as it is', () => {
  const key = fc.string({ minLength: 1 }).filter((text) => !/^\$|\.|\0|^__proto__$|^amountPaise$/.test(text));
  const leaf = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
  );
  const { document } = fc.letrec<{ document: object; value: unknown }>((tie) => ({
    document: fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 4 }), tie('document')),
  }));
  fc.assert(
    fc.property(document, (source) => {
      expect(toBsonDocument(source)).toEqual(source);
    }),
  );
});
