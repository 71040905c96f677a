import { jitteredPause, type RandomSource } from '../kernel/index.js';
import type { RetryPolicy } from './outbound-target.js';
import { retryAfterMillis } from './retry-after.js';

/** How one try ended, as far as trying again depends on it. */
export type TryEnd =
  /** No part of the request can have arrived. */
  | { readonly kind: 'not-sent' }
  /** It may have arrived and been carried out. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      /** Whether a redirect led to the place that answered: what it says holds for itself, not for those before it. */
      readonly redirected: boolean;
    };

export interface RetryQuestion {
  readonly end: TryEnd;
  /** Tries so far, the one that ended included. */
  readonly tries: number;
  /** Whether sending it twice does what sending it once does. */
  readonly repeatable: boolean;
  readonly policy: RetryPolicy;
  readonly now: number;
  /** When the whole call has to have ended. */
  readonly deadline: number;
}

/** Methods that RFC 9110 §9.2.2 defines as idempotent. */
const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** Answers that say "not now". 429 also says that nothing was done, whatever the method. */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether a request may be sent again although it may have been carried out. */
export function isRepeatable(method: string, idempotencyKey: string | undefined): boolean {
  return idempotentMethods.has(method) || idempotencyKey !== undefined;
}

/** Milliseconds until the next try; null when there is none. */
export function pauseBeforeRetry(question: RetryQuestion, random: RandomSource): number | null {
  const { end, tries, policy, now, deadline } = question;
  if (tries >= policy.attempts || !mayBeSentAgain(question)) return null;
  const asked = end.kind === 'answered' ? retryAfterMillis(end.retryAfter, now) : null;
  if (asked !== null && asked > policy.longestRetryAfterMillis) return null;
  // Added to what is asked: callers who were all told "7" do not come back in one millisecond.
  const pause = (asked ?? 0) + pauseThatDoubles(tries, policy, random);
  return now + pause < deadline ? pause : null;
}

function mayBeSentAgain({ end, repeatable }: RetryQuestion): boolean {
  if (end.kind === 'not-sent') return true;
  if (end.kind === 'unknown') return repeatable;
  if (!passingStatuses.has(end.status)) return false;
  return repeatable || (end.status === 429 && !end.redirected);
}

/** Any part of a pause that doubles: callers that failed together do not come back together. */
function pauseThatDoubles(tries: number, policy: RetryPolicy, random: RandomSource): number {
  return jitteredPause(tries, { firstMillis: policy.firstPauseMillis, mostMillis: policy.longestPauseMillis }, random);
}
