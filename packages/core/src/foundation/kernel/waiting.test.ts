import { expect, it } from 'vitest';
import { waitedMillis } from './waiting.js';

it.each([
  ['2026-01-01T00:00:00.000Z', 60_000],
  ['2026-01-01T00:01:00.000Z', 0],
  ['2026-01-01T00:02:00.000Z', 0],
  [null, 0],
  [undefined, 0],
])('what waits since %s has waited for %i ms', (since, millis) => {
  expect(waitedMillis(since, Date.parse('2026-01-01T00:01:00.000Z'))).toBe(millis);
});
