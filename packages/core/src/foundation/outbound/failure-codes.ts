import { type ErrorCode, errorCodes } from '../kernel/index.js';

/** What the failures of a try mean, for the breaker and for trying again. */
interface FailureMeaning {
  /** How the target fared. */
  readonly breaker: 'failed' | 'succeeded';
  /** Whether it may pass by itself. */
  readonly passes: boolean;
}

const meanings: Partial<Record<ErrorCode, FailureMeaning>> = {
  OUTBOUND_TIMEOUT: { breaker: 'failed', passes: true },
  OUTBOUND_FAILED: { breaker: 'failed', passes: true },
  OUTBOUND_UNTRUSTED: { breaker: 'failed', passes: false },
  OUTBOUND_TOO_LARGE: { breaker: 'succeeded', passes: false },
};

/** What a failed try says of its target; `spared` where it says nothing: refused, or stopped by the caller. */
export function breakerEndOfCode(code: ErrorCode): 'failed' | 'succeeded' | 'spared' {
  return meanings[code]?.breaker ?? 'spared';
}

/** Whether a try that failed so may be followed by another. */
export function mayPass(code: ErrorCode): boolean {
  return meanings[code]?.passes ?? false;
}

/** Whether the code tells callers to make the same call again, which they must not where that could do it twice. */
export function invitesRepeating(code: ErrorCode): boolean {
  return errorCodes[code].retryable;
}
