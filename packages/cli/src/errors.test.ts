import { errorCodes, LmsError } from '@lms/core/kernel';
import { describe, expect, it } from 'vitest';
import { reportError } from './errors.js';
import { exitCodeOf } from './exit-codes.js';
import { styleFor } from './output/index.js';

const style = styleFor(false, {});
const text = (error: unknown, options: { json?: boolean; debug?: boolean } = {}) =>
  reportError(error, { json: options.json ?? false, debug: options.debug ?? false, style }).text;

describe('exit codes', () => {
  it.each([
    ['INTERNAL', 1],
    ['USAGE_INVALID', 2],
    ['CONFIG_INVALID', 2],
    ['KEY_MISSING', 2],
    ['LEAD_INVALID', 3],
    ['LINE_NOT_FOUND', 3],
    ['LEAD_VERSION_STALE', 5],
    ['MOVE_REFUSED', 5],
    ['PERMISSION_DENIED', 6],
    ['ACTOR_UNKNOWN', 6],
    ['STORE_LOCKED', 7],
    ['STORE_CORRUPT', 7],
    ['STORE_UNAVAILABLE', 7],
    ['COMMAND_ABORTED', 130],
  ] as const)('%s exits %i', (code, exitCode) => {
    expect(exitCodeOf(new LmsError(code, { message: 'x' }))).toBe(exitCode);
  });

  it('gives every code of the table an exit code that is not success', () => {
    for (const [code, { category }] of Object.entries(errorCodes)) {
      expect(exitCodeOf({ code: code as keyof typeof errorCodes, category }), code).toBeGreaterThan(0);
    }
  });
});

describe('an error at the command line', () => {
  it('says what is wrong, where, and what to type next', () => {
    const error = new LmsError('LINE_NOT_FOUND', {
      message: 'There is no product line "gold-loan"',
      path: 'productLine',
    });
    expect(text(error).split('\n')).toEqual([
      'error: There is no product line "gold-loan" (LINE_NOT_FOUND)',
      '  at: productLine',
      '  next: lms schema list shows the product lines; lms schema publish FILE adds one',
    ]);
  });

  it('lists every problem once, one a line', () => {
    const problems = Array.from({ length: 7 }, (_, index) => ({
      path: `fields.f${index}`,
      rule: 'required',
      message: 'is required',
    }));
    const printed = text(LmsError.ofProblems('LEAD_INVALID', 'The lead is refused', problems));
    expect(printed).toContain('error: The lead is refused (LEAD_INVALID)\n  - fields.f0: is required\n');
    expect(printed).toContain('  - fields.f6: is required\n');
    expect(printed.match(/f0/g)).toHaveLength(1);
  });

  it('stops listing at twenty and says how many more there are', () => {
    const problems = Array.from({ length: 23 }, (_, index) => ({ path: `row ${index}`, rule: 'x', message: 'bad' }));
    expect(text(LmsError.ofProblems('LEAD_INVALID', 'Refused', problems))).toContain('... and 3 more');
  });

  it('lists the reasons of a refused move', () => {
    const reasons = [{ code: 'TASK_OPEN', message: 'the task "Call" is open' }];
    expect(text(new LmsError('MOVE_REFUSED', { message: 'The move is refused', details: { reasons } }))).toContain(
      '  - the task "Call" is open',
    );
  });

  it('is one JSON object when asked', () => {
    const error = new LmsError('LEAD_VERSION_STALE', { message: 'Changed', details: { currentVersion: 3 } });
    expect(JSON.parse(text(error, { json: true }))).toEqual({
      error: {
        code: 'LEAD_VERSION_STALE',
        category: 'conflict',
        retryable: false,
        message: 'Changed',
        details: { currentVersion: 3 },
        next: expect.stringContaining('lms leads show'),
      },
    });
  });

  it('names the lead that holds a unique value', () => {
    const details = { holders: [{ number: 'LEAD-202601-00007' }] };
    expect(text(new LmsError('LEAD_DUPLICATE', { message: 'Taken', details }))).toContain(
      'next: lms leads show LEAD-202601-00007',
    );
  });

  it('names nobody to ask about a lead that may not be seen', () => {
    const details = { holders: [{ number: null, hidden: true }] };
    const told = text(new LmsError('LEAD_DUPLICATE', { message: 'Taken', details }));
    expect(told).toContain('next: ask a manager or an admin');
    expect(told).not.toContain('leads show');
  });

  it('names the flag when a filter lacks the product line', () => {
    const error = new LmsError('INPUT_INVALID', { message: 'phone reads fields', path: 'productLine' });
    expect(text(error)).toContain('next: name the product line: --product LINE');
    expect(text(new LmsError('INPUT_INVALID', { message: 'bad', path: 'phone' }))).not.toContain('next:');
  });

  it('shows a defect without its stack, unless LMS_DEBUG asks', () => {
    const defect = new TypeError('x is not a function');
    expect(text(defect)).toMatch(/^error: Unexpected failure: x is not a function \(INTERNAL\)\n {2}next: .*LMS_DEBUG/);
    expect(text(defect)).not.toContain('errors.test.ts');
    expect(text(defect, { debug: true })).toContain('errors.test.ts');
  });

  it('does not pass terminal escapes on', () => {
    expect(text(new LmsError('LEAD_INVALID', { message: 'bad \u001B[2J', path: '\u001B]0;x' }))).not.toContain(
      '\u001B',
    );
  });
});
