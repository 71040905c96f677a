import { type RandomSource, randomPart, toInstant } from '../../../foundation/kernel/index.js';
import type { SentOnce } from '../../../foundation/outbound/index.js';
import { type DeliveryOutcome, mostFailuresKept, type StoredDelivery, type WebhookFailure } from './webhook-store.js';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** The pauses between tries that Standard Webhooks 1.0.0 gives as its example: ten tries in 76 hours. */
const pauses: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];
const longestRetryAfterMillis = 24 * hour;
/** The largest part of a pause that is added to it. */
const jitter = 0.2;

/** How many tries a delivery has. */
export const mostAttempts: number = pauses.length + 1;

/** What follows from a try. `gone`: the receiver wants no more of anything. */
export interface DeliveryDecision {
  readonly outcome: DeliveryOutcome;
  readonly gone: boolean;
}

/**
 * Decides on a delivery that was sent. Any 2xx is success, whatever became of the body; everything else is a failure, a redirect too.
 * @param now when the try ended
 */
export function decideDelivery(
  { attempts, failures: before }: Pick<StoredDelivery, 'attempts' | 'failures'>,
  sent: SentOnce,
  { now, random }: { readonly now: number; readonly random: RandomSource },
): DeliveryDecision {
  const { status, code, durationMillis } = sent;
  if (status !== null && status >= 200 && status < 300) return { outcome: { kind: 'delivered', status }, gone: false };
  const failure: WebhookFailure = { at: toInstant(now), status, code, durationMillis };
  const failures = [...before, failure].slice(-mostFailuresKept);
  if (status === 410) return { outcome: { kind: 'dead', failures }, gone: true };
  const pause = pauses[attempts - 1];
  if (pause === undefined) return { outcome: { kind: 'dead', failures }, gone: false };
  const asked = Math.min(sent.retryAfterMillis ?? 0, longestRetryAfterMillis);
  const wait = Math.max(asked, pause);
  const at = toInstant(now + wait + Math.round(wait * jitter * randomPart(random)));
  return { outcome: { kind: 'again', at, failures }, gone: false };
}
