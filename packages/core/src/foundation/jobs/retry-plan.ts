import { type Instant, LmsError, toInstant } from '../kernel/index.js';
import type { FailedTry, WaitingEvent } from '../persistence/index.js';

/** Tries of an event that cannot be projected, before it is left as stuck: some ten minutes, then somebody must look. */
const mostAttempts = 8;

const firstPauseMillis = 5_000;

/** What to remember of a try that failed. */
export function failedTry({ event, attempts }: WaitingEvent, error: unknown, now: number): FailedTry {
  return { id: event.id, error: errorCode(error), ...nextTry(attempts, error, now) };
}

/**
 * Tries so far, and when the next one is: the pause doubles with each, and after {@link mostAttempts} there is none (null). Where the
 * store may have been the cause there always is one, of eleven minutes in the end.
 */
export function nextTry(attempts: number, error: unknown, now: number): Pick<FailedTry, 'attempts' | 'dueAt'> {
  const tried = attempts + 1;
  const pause = firstPauseMillis * 2 ** (Math.min(tried, mostAttempts) - 1);
  const isLast = tried >= mostAttempts && !mayBeTheStore(error);
  const dueAt: Instant | null = isLast ? null : toInstant(now + pause);
  return { attempts: tried, dueAt };
}

/** The code alone: a message may quote what a person typed. */
export function errorCode(error: unknown): string {
  return LmsError.isInstance(error) ? error.code : 'INTERNAL';
}

/** Of errors of a store, those that may also be due to one event: what it wanted to write, what it read, or whom it met. */
const doubtfulCodes: ReadonlySet<string> = new Set([
  'STORE_FAILED',
  'STORE_CONFLICT',
  'STORE_CORRUPT',
  'STORE_TOO_NEW',
]);

/** Of errors of a store, those of one event alone, which pass by themselves no more than the event does. */
const lastingCodes: ReadonlySet<string> = new Set(['ENVELOPE_INVALID']);

const categoriesOfStores: ReadonlySet<string> = new Set(['storage', 'unavailable', 'config']);

/** True where any event would have met the same: the store is down, closed, full or set up wrongly, not the event wrong. */
export function isOutage(error: unknown): boolean {
  if (!LmsError.isInstance(error) || mayBeTheStore(error) || lastingCodes.has(error.code)) return false;
  return error.retryable || categoriesOfStores.has(error.category);
}

/** True where nobody can tell from one try whether the store or the event is wrong. */
export function mayBeTheStore(error: unknown): boolean {
  return LmsError.isInstance(error) && doubtfulCodes.has(error.code);
}
