import { type ErrorCategory, LmsError } from '../kernel/index.js';

/** How something ended, without what was in it. */
export interface Outcome {
  /** `ok`, or the code of the error; `INTERNAL` for what is no error of ours. */
  readonly code: string;
  /** Whether somebody should look: what callers are rightly refused is no fault. */
  readonly isFault: boolean;
}

export const succeeded: Outcome = { code: 'ok', isFault: false };

const faults: ReadonlySet<ErrorCategory> = new Set(['storage', 'unavailable', 'partner', 'config', 'internal']);

export function failedWith(error: unknown): Outcome {
  if (LmsError.isInstance(error)) return { code: error.code, isFault: faults.has(error.category) };
  // What a signal stops was asked to stop.
  const isStopped = error instanceof Error && error.name === 'AbortError';
  return isStopped ? { code: 'ABORTED', isFault: false } : { code: 'INTERNAL', isFault: true };
}
