import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonMember, looksLikeNdjson, parseJsonLine } from './json-line.js';
import { decimalOfJson } from './json-number.js';

/** The same value as `JSON.parse` gives. */
function parsedValue({ value }: JsonMember): unknown {
  switch (value.kind) {
    case 'string':
      return value.text;
    case 'number':
      return Number(value.raw);
    case 'boolean':
      return value.value;
    case 'null':
      return null;
    case 'nested':
      return JSON.parse(value.raw);
  }
}

describe('a line of JSON', () => {
  it('has the members that JSON.parse finds, in their order', () => {
    const object = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, ' ', '\t'), (value, gap) => {
        const line = JSON.stringify(value, null, gap).replaceAll('\n', '');
        const members = parseJsonLine(line) ?? [];
        const expected: [string, unknown][] = Object.entries(JSON.parse(line));
        const sorted = (list: readonly (readonly [string, unknown])[]): unknown => new Map(list);
        expect(sorted(members.map((member) => [member.key, parsedValue(member)]))).toEqual(sorted(expected));
        expect(members).toHaveLength(expected.length);
      }),
    );
  });

  it('is null wherever JSON.parse refuses, and an object alone is one', () => {
    const signs = fc.constantFrom(
      '{',
      '}',
      '"',
      'a',
      ':',
      ',',
      '1',
      '-',
      '.',
      'e',
      'true',
      'null',
      '[',
      ']',
      '\\',
      ' ',
      '\t',
      '\u0001',
    );
    const text = fc.array(signs, { maxLength: 14 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((inner) => `{"a":${inner}}`),
        ),
        (line) => {
          let expected = true;
          try {
            const value: unknown = JSON.parse(line);
            expected = typeof value === 'object' && value !== null && !Array.isArray(value);
          } catch {
            expected = false;
          }
          expect(parseJsonLine(line) !== null).toBe(expected);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('tells a key that stands twice, and one that is a prototype', () => {
    const members = parseJsonLine('{"a":1,"__proto__":"x","a":"2"}');
    expect(members?.map(({ key, raw }) => [key, raw])).toEqual([
      ['a', '"a":1'],
      ['__proto__', '"__proto__":"x"'],
      ['a', '"a":"2"'],
    ]);
  });

  it('takes time in proportion to its length', () => {
    const lines = ['"a":['.repeat(200_000), `"a":"${'\\'.repeat(400_000)}`, `"a":${'[{"'.repeat(100_000)}`];
    const before = process.cpuUsage();
    for (const line of lines) expect(parseJsonLine(`{${line}`)).toBeNull();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2_000);
  });
});

describe('a number in JSON', () => {
  it.each([
    ['12345678901234567890', '12345678901234567890'],
    ['0.10', '0.1'],
    ['-0', '0'],
    ['1e3', '1000'],
    ['1.5E+3', '1500'],
    ['123e-5', '0.00123'],
    ['9.87654E+09', '9876540000'],
    ['1e999', null],
    ['1'.repeat(401), null],
  ])('%s is %s', (raw, text) => {
    expect(decimalOfJson(raw)).toBe(text);
  });

  it('is the number that JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = decimalOfJson(JSON.stringify(number));
        if (text !== null) expect(Number(text)).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});

describe('what looks like ndjson', () => {
  it.each([
    ['{"a":1}\n{"a":2}\n', true],
    ['{}\n{"a":2}\n', true],
    ['{"a":1\n{"a":2}\n\n{"a":3}', true],
    ['a,b\n{"x":1},2\n', false],
    ['{name},{phone}\nRavi,98\n', false],
    ['"a","b"\n', false],
  ])('%j: %s', (sample, isNdjson) => {
    expect(looksLikeNdjson(sample)).toBe(isNdjson);
  });
});
