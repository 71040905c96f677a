import type { RandomSource } from '../kernel/index.js';
import type { RetryPolicy } from './outbound-target.js';
import { retryAfterMillis } from './retry-after.js';

/** How one try ended, as far as trying again depends on it. */
export type TryEnd =
  /** No part of the request can have arrived. */
  | { readonly kind: 'not-sent' }
  /** It may have arrived and been carried out. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined };

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
  const pause = Math.max(asked ?? 0, jitteredPause(tries, policy, random));
  return now + pause < deadline ? pause : null;
}

function mayBeSentAgain({ end, repeatable }: RetryQuestion): boolean {
  if (end.kind === 'not-sent') return true;
  if (end.kind === 'unknown') return repeatable;
  if (!passingStatuses.has(end.status)) return false;
  return repeatable || end.status === 429;
}

/** Any part of a pause that doubles: callers that failed together do not come back together. */
function jitteredPause(tries: number, policy: RetryPolicy, random: RandomSource): number {
  const longest = Math.min(policy.longestPauseMillis, policy.firstPauseMillis * 2 ** Math.min(tries - 1, 30));
  const [high = 0, low = 0] = random.bytes(2);
  return Math.round((longest * (high * 256 + low)) / 65_535);
}
