import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasCode } from '../../foundation/kernel/index.js';
import { readJson, writeJson } from './json-text.js';
import { storable } from './sql-connection.js';

function codeOf(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    return hasCode(error, 'VALUE_NOT_STORABLE');
  }
}

describe('what is bound to a statement', () => {
  it.each([
    [Number.MAX_SAFE_INTEGER + 1],
    [Number.NaN],
    [Number.NEGATIVE_INFINITY],
    [1e21],
    [undefined],
    [{}],
    [10n],
    ['cut\0short'],
    ['half \ud800 a pair'],
  ])('refuses %s', (value) => {
    expect(codeOf(() => storable(value))).toBe(true);
  });

  it('passes exact numbers, whole text and null unchanged, and booleans as 0 and 1', () => {
    for (const value of [0, -1, 0.1, Number.MAX_SAFE_INTEGER, '', 'नमस्ते 👩🏽‍🌾', null])
      expect(storable(value)).toBe(value);
    expect([storable(true), storable(false)]).toEqual([1, 0]);
  });
});

describe('JSON columns', () => {
  it('refuses numbers that would come back changed, at any depth, and money that is not whole', () => {
    for (const value of [
      Number.NaN,
      2 ** 53,
      { a: [{ b: Number.POSITIVE_INFINITY }] },
      { loan: { amountPaise: 10.5 } },
    ]) {
      expect(codeOf(() => writeJson(value))).toBe(true);
    }
  });

  it('gives back every JSON value that it takes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        let text: string;
        try {
          text = writeJson(value);
        } catch (error) {
          return hasCode(error, 'VALUE_NOT_STORABLE');
        }
        expect(readJson(text)).toEqual(JSON.parse(JSON.stringify(value)));
        return true;
      }),
    );
  });

  it('keeps a field called __proto__ as data', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(JSON.stringify(readJson(writeJson(value)))).toBe('{"__proto__":{"polluted":true}}');
  });
});
