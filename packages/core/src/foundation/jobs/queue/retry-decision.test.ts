import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../testing/index.js';
import { LmsError } from '../../kernel/index.js';
import { mayDoBetter, pauseAfterTry } from './retry-decision.js';

it('pauses any part of what doubles with each try, and never longer than said', () => {
  const random = seededRandom('pauses');
  const range = { min: 1, max: 100_000 };
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer(range),
      fc.integer(range),
      (tries, firstMillis, mostMillis) => {
        const pause = pauseAfterTry(tries, { firstMillis, mostMillis }, random);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(Math.min(mostMillis, firstMillis * 2 ** (tries - 1)));
      },
    ),
  );
});

it('spreads pauses over the whole of it', () => {
  const random = seededRandom('spread');
  const pauses = Array.from({ length: 200 }, () =>
    pauseAfterTry(4, { firstMillis: 1_000, mostMillis: 60_000 }, random),
  );
  expect(Math.min(...pauses)).toBeLessThan(800);
  expect(Math.max(...pauses)).toBeGreaterThan(7_200);
});

it.each([
  ['STORE_LOCKED', true],
  ['STORE_CONFLICT', true],
  ['READ_MODELS_BEHIND', true],
  ['INPUT_INVALID', false],
  ['PERMISSION_DENIED', false],
  ['JOB_NOT_FOUND', false],
  ['CONFIG_INVALID', false],
  ['OUTBOUND_TIMEOUT', true],
  ['OUTBOUND_OUTCOME_UNKNOWN', false],
  ['OUTBOUND_TOO_LARGE', false],
] as const)('%s may pass: %s', (code, expected) => {
  expect(mayDoBetter(new LmsError(code, { message: 'of a test' }))).toBe(expected);
  expect(mayDoBetter(new Error('of somebody else'))).toBe(true);
});
