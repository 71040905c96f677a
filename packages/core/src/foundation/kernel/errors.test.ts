import { describe, expect, it } from 'vitest';
import { errorCodes } from './error-codes.js';
import { hasCode, LmsError } from './errors.js';
import { quoted } from './quoted.js';

describe('the one error', () => {
  it('carries code, category, retryable and a message', () => {
    const error = new LmsError('STORE_LOCKED', { message: 'busy', path: 'lms.db', details: { waitedMillis: 500 } });
    expect(error).toBeInstanceOf(Error);
    expect(error.toJSON()).toEqual({
      code: 'STORE_LOCKED',
      category: 'unavailable',
      retryable: true,
      message: 'busy',
      path: 'lms.db',
      details: { waitedMillis: 500 },
    });
    expect(new LmsError('INTERNAL', { message: 'x' }).toJSON()).not.toHaveProperty('details');
  });

  it('is known by its brand, also when it comes from another copy of the package', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('lms.error')]: true, code: 'LEAD_NOT_FOUND' });
    expect(LmsError.isInstance(foreign)).toBe(true);
    expect(hasCode(foreign, 'LEAD_NOT_FOUND')).toBe(true);
    expect(hasCode(foreign, 'INTERNAL')).toBe(false);
    for (const other of [new Error('x'), null, undefined, 'LEAD_NOT_FOUND', { code: 'LEAD_NOT_FOUND' }]) {
      expect(LmsError.isInstance(other)).toBe(false);
    }
  });

  it('keeps the cause', () => {
    const cause = new Error('socket');
    expect(new LmsError('STORE_UNAVAILABLE', { message: 'x', cause }).cause).toBe(cause);
  });

  it('names the first five of many problems and holds them all', () => {
    const problems = Array.from({ length: 7 }, (_, index) => ({
      path: `f${index}`,
      rule: 'required',
      message: 'is missing',
    }));
    const error = LmsError.ofProblems('LEAD_INVALID', 'The lead is refused', problems);
    expect(error.message).toBe(
      'The lead is refused: f0: is missing; f1: is missing; f2: is missing; f3: is missing; f4: is missing (and 2 more)',
    );
    expect(error.path).toBe('f0');
    expect(error.details['problems']).toHaveLength(7);
  });

  it('has codes that say a noun and a problem, each with a meaning', () => {
    for (const [code, entry] of Object.entries(errorCodes)) {
      if (code !== 'INTERNAL') expect(code).toMatch(/^[A-Z0-9]+(_[A-Z0-9]+)+$/);
      expect(entry.meaning).toMatch(/\.$/);
    }
  });
});

describe('quoting a text in a message', () => {
  it('shows control characters and cuts what is long, never inside a character', () => {
    expect(quoted('a\nb"')).toBe('"a\\nb\\""');
    expect(quoted('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`);
    expect(quoted('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(60)}…"`);
    expect(quoted('😀'.repeat(61))).toBe(`"${'😀'.repeat(60)}…"`);
  });
});
