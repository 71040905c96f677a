import { hasCode, type Instant, toInstant } from '../../../foundation/kernel/index.js';
import type { Reading } from './define-type.js';
import { timeIn } from './zone-time.js';

const inYears = /^(?:19|20|21)\d\d-/;
const outside: Reading<never> = { ok: false, reason: 'is outside the years 1900 to 2199' };

/** The instant that is computed, or the refusal of one outside the years 1900 to 2199. */
export function instantReading(compute: () => number): Reading<Instant> {
  const reading = dayReading(() => {
    const instant = compute();
    timeIn('UTC').localDate(instant);
    return toInstant(instant);
  });
  return reading.ok && !inYears.test(reading.value) ? outside : reading;
}

/** The same for a day or anything else that business time computes. */
export function dayReading(compute: () => string): Reading<string> {
  try {
    return { ok: true, value: compute() };
  } catch (error) {
    if (hasCode(error, 'DATE_INVALID')) return outside;
    throw error;
  }
}
