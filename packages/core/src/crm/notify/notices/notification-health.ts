import {
  type Clock,
  durationText,
  type Finding,
  type Instant,
  toInstant,
  waitedMillis,
} from '../../../foundation/kernel/index.js';
import type { NotificationStore } from './notification-store.js';

/** How notifications fare. */
export interface NotificationHealth {
  /** To be sent, those that are tried again among them. */
  readonly waiting: number;
  /** Those of them that wait for the end of quiet hours. */
  readonly held: number;
  /** When the one of the others was made that waits longest; null when none does. */
  readonly oldestAt: Instant | null;
  /** Made in the last 24 hours, and given up. */
  readonly failed: number;
  /** Made in the last 24 hours; nobody knows whether they were sent. */
  readonly unknown: number;
  /** How long the one that waits longest has waited, in milliseconds; 0 when none does. */
  readonly waitingMillis: number;
  /** False when one has waited for an hour and was not tried in the last; what somebody sends again has an hour of its own. */
  readonly ok: boolean;
}

const longestWaitMillis = 3_600_000;
const dayMillis = 86_400_000;

export async function notificationHealth({
  notifications,
  clock,
}: {
  readonly notifications: Pick<NotificationStore, 'counts' | 'untouched'>;
  readonly clock: Clock;
}): Promise<NotificationHealth> {
  const counts = await notifications.counts({
    since: toInstant(clock.now() - dayMillis),
    now: toInstant(clock.now()),
  });
  const waitingMillis = waitedMillis(counts.oldestAt, clock.now());
  const untouched = await notifications.untouched(toInstant(clock.now() - longestWaitMillis), 1);
  return { ...counts, waitingMillis, ok: untouched.length === 0 };
}

/** {@link NotificationHealth} for people: one line of a health check. */
export function notificationsFinding(health: NotificationHealth): Finding {
  const { waiting, held, failed, unknown, waitingMillis, ok } = health;
  const parts = [held > 0 ? `${waiting} waiting, ${held} of them for the end of quiet hours` : `${waiting} waiting`];
  if (failed > 0) parts.push(`${failed} of the last day given up: lms notify list --status failed`);
  if (unknown > 0) parts.push(`${unknown} of the last day may not have been sent: lms notify list --status unknown`);
  if (!ok) {
    const since = durationText(waitingMillis);
    parts.push(
      `one has waited for ${since}: lms notify list --status waiting (or sending) says why, or is lms work not running?`,
    );
  }
  return { name: 'notifications', ok, message: parts.join('; ') };
}
