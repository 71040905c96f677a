import { describe, expect, it } from 'vitest';
import { expectTaken, field, lintOf, parse, readValue, refusalOf } from './test-support.js';

describe('a text', () => {
  it('is one clean line', () => {
    expectTaken(field('text'), '  Asha\u00a0 Verma\u200b\n', 'Asha Verma');
    expectTaken(field('text'), 560038, '560038');
    expectTaken(field('text'), 'आशा वर्मा', 'आशा वर्मा');
  });

  it('is refused when it is no text', () => {
    expect(refusalOf(field('text'), { $gt: '' })).toMatchObject({ rule: 'type', message: 'the input is an object' });
    expect(refusalOf(field('text'), ['a'])).toMatchObject({ message: 'the input is a list' });
    expect(refusalOf(field('text'), 2 ** 60).message).toMatch(/last digits are lost/);
  });

  it('keeps its lengths, counted as a reader counts them', () => {
    const short = field('text', { validation: { minLength: 2, maxLength: 3 } });
    expectTaken(short, '😀😀😀', '😀😀😀');
    expect(refusalOf(short, 'a')).toEqual({
      rule: 'minLength',
      message: 'the text has 1 character',
      expected: 'at least 2 characters',
    });
    expect(refusalOf(short, 'abcd')).toMatchObject({ rule: 'maxLength', expected: 'at most 3 characters' });
    expect(refusalOf(field('text'), 'x'.repeat(1001))).toMatchObject({
      rule: 'maxLength',
      expected: 'at most 1000 characters',
    });
  });

  it('matches its whole pattern, or is refused without being repeated', () => {
    const code = field('text', { validation: { pattern: '[A-Z]{2}[0-9]{4}' } });
    expectTaken(code, 'AB1234', 'AB1234');
    const refusal = refusalOf(code, 'xAB1234');
    expect(refusal).toMatchObject({ rule: 'pattern', expected: 'a text that matches [A-Z]{2}[0-9]{4}' });
    expect(refusal.message).not.toContain('xAB1234');
    expect(refusalOf({ ...code, pii: 'none' }, 'xAB1234').message).toContain('xAB1234');
    expect(refusalOf({ ...code, help: 'The branch code' }, 'no').expected).toBe('The branch code');
  });

  it('hides an Aadhaar number in the value and in what was typed, also of one that came as a number', () => {
    const hidden = { ok: true, value: 'XXXX XXXX 2346', entered: 'XXXX XXXX 2346' };
    for (const input of ['2341 2341 2346', '२३४१/२३४१/२३४६', 234123412346]) {
      expect(parse(field('text'), input), String(input)).toEqual(hidden);
    }
  });

  it('leaves twelve digits alone that are a number of its own: an identifier, and what has a pattern', () => {
    const reference = field('text', { validation: { pattern: '[0-9]{12}' } });
    const account = field('text', { pii: 'identifier' });
    for (const own of [reference, account]) expectTaken(own, '234123412346', '234123412346');
  });

  it.each([
    ['(?=a)b', /cannot be used/],
    ['(a)\\1', /cannot be used/],
    ['[', /cannot be used/],
    ['(?:a?){400}a{400}', /slow/],
    ['a'.repeat(501), /longer than 500/],
  ])('does not take the pattern %s', (pattern, reason) => {
    expect(lintOf(field('text', { validation: { pattern } }))).toMatchObject([
      { rule: 'pattern', message: expect.stringMatching(reason) },
    ]);
    expect(refusalOf(field('text', { validation: { pattern } }), 'aaa').rule).toBe('pattern');
  });

  it('answers at once where a backtracking engine would hang', () => {
    const trap = field('text', { validation: { pattern: '(a+)+b' } });
    const started = performance.now();
    expect(refusalOf(trap, 'a'.repeat(1000)).rule).toBe('pattern');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('cannot be defined with lengths that nothing satisfies', () => {
    expect(lintOf(field('text', { validation: { minLength: 5, maxLength: 4 } }))).toMatchObject([
      { rule: 'minLength' },
    ]);
    expect(lintOf(field('text', { validation: { maxLength: 5000 } }))).toMatchObject([
      { rule: 'maxLength', expected: 'at most 1000' },
    ]);
    expect(lintOf(field('long-text', { validation: { maxLength: 5000 } }))).toEqual([]);
  });
});

describe('a long text', () => {
  it('keeps its lines, and no whole Aadhaar number', () => {
    expect(readValue(field('long-text'), ' Called twice. \r\n\r\nWants\t5 lakh ')).toBe(
      'Called twice.\n\nWants 5 lakh',
    );
    const typed = 'Card:\n2341 2341 2346';
    const hidden = 'Card:\nXXXX XXXX 2346';
    expect(parse(field('long-text'), typed)).toEqual({ ok: true, value: hidden, entered: hidden });
    expect(refusalOf(field('long-text'), 'x'.repeat(20_001)).rule).toBe('maxLength');
  });
});

describe('a boolean', () => {
  it.each(['yes', 'Y', 'TRUE', 't', '1', 1, true, 'हाँ', 'जी हां', '१', 'On'])('%j is yes', (input) => {
    expectTaken(field('boolean'), input, true);
  });

  it.each(['no', 'N', 'False', 'f', '0', 0, false, 'नहीं', '०', 'off'])('%j is no', (input) => {
    expectTaken(field('boolean'), input, false);
  });

  it.each(['maybe', '2', 'yes please', 'constructor', 2])('%j is neither', (input) => {
    expect(refusalOf(field('boolean'), input).message).toMatch(/neither yes nor no/);
  });
});
