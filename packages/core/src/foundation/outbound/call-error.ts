import { LmsError } from '../kernel/index.js';
import { invitesRepeating } from './failure-codes.js';
import type { Failure } from './try-result.js';

/** What a caller is told of a call that failed. */
export interface FailedCall {
  readonly exchangeId: string;
  readonly target: string;
  /** The last one that was asked. */
  readonly host: string;
  readonly attempts: number;
  /** Whether any try may have arrived. */
  readonly ambiguous: boolean;
  /** Whether sending it once more does what sending it once does. */
  readonly repeatable: boolean;
}

/** A failure that may have done something, of what must not be done twice, is never one to try again: also not one by its own caller's stop. */
export function callError(failure: Failure, call: FailedCall): LmsError {
  const { target, host, attempts, exchangeId, ambiguous, repeatable } = call;
  const isUnknown = ambiguous && !repeatable && invitesRepeating(failure.code);
  return new LmsError(isUnknown ? 'OUTBOUND_OUTCOME_UNKNOWN' : failure.code, {
    message: `${target} (${host}): ${failure.reason}${isUnknown ? '; it may have done what was asked' : ''}`,
    details: {
      target,
      exchangeId,
      attempts,
      ambiguous,
      ...(failure.status === null ? {} : { status: failure.status }),
      ...(isUnknown ? { reason: failure.code } : {}),
    },
    ...(failure.cause === null ? {} : { cause: failure.cause }),
  });
}
