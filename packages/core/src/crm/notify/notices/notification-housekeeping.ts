import { type Clock, toInstant } from '../../../foundation/kernel/index.js';
import { trimInRounds } from '../../../foundation/persistence/index.js';
import type { NotificationStore } from './notification-store.js';
import type { CheckedNotifySettings } from './notify-settings.js';

const dayMillis = 86_400_000;

/** Forgets what was told to whom long ago, at most 10,000 a call; what waits that long, too. @returns how many */
export function trimNotifications(
  notifications: Pick<NotificationStore, 'trim'>,
  { keptDays }: Pick<CheckedNotifySettings, 'keptDays'>,
  clock: Clock,
): Promise<number> {
  const before = toInstant(clock.now() - keptDays * dayMillis);
  return trimInRounds((limit) => notifications.trim(before, limit));
}
