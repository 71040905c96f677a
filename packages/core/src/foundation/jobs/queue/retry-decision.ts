import { type ErrorCategory, jitteredPause, LmsError, type RandomSource } from '../../kernel/index.js';
import type { JobBackoff } from './job-handler.js';

/**
 * Repeating the same call cannot help: what it was given, or who may do it, stays as it is. Or it must not be repeated: what another
 * system may have done already (`OUTBOUND_OUTCOME_UNKNOWN`) would be done twice.
 */
const lastingCategories: ReadonlySet<ErrorCategory> = new Set([
  'input',
  'unauthenticated',
  'forbidden',
  'not-found',
  'config',
  'partner',
]);

/** Whether a job that failed so may do better next time. */
export function mayDoBetter(error: unknown): boolean {
  return !LmsError.isInstance(error) || error.retryable || !lastingCategories.has(error.category);
}

/**
 * Milliseconds until the next try: any part of a pause that doubles, so that jobs that failed together do not come back together.
 * @param attempts tries so far; at least 1
 */
export function pauseAfterTry(attempts: number, { firstMillis, mostMillis }: JobBackoff, random: RandomSource): number {
  return jitteredPause(attempts, { firstMillis, mostMillis }, random);
}
