import type { JobQueue } from '../../../foundation/jobs/index.js';
import { type Clock, toInstant } from '../../../foundation/kernel/index.js';
import { trimInRounds, type UnitOfWork } from '../../../foundation/persistence/index.js';
import type { InboxStore } from '../inbox/index.js';
import { noticeActor, noticeJob, noticeJobKind } from './notice-job.js';
import type { NotificationStore } from './notification-store.js';
import type { CheckedNotifySettings } from './notify-settings.js';

export interface NoticeHousePorts {
  readonly notifications: Pick<NotificationStore, 'trim' | 'untouched'>;
  readonly inbox: Pick<InboxStore, 'trim'>;
  readonly queue: JobQueue;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

const dayMillis = 86_400_000;
/** Longer than the longest pause between two tries. */
const untouchedMillis = 4 * 3_600_000;
const mostAtOnce = 100;

/** What is done from time to time for notifications, in processes that send them. @throws LmsError `STORE_*` */
export async function keepNotices(
  ports: NoticeHousePorts,
  settings: Pick<CheckedNotifySettings, 'keptDays' | 'inboxKeptDays'>,
): Promise<void> {
  await trimNotifications(ports, settings);
  await trimInboxes(ports, settings);
  await reviveNotifications(ports);
}

/** Forgets what was told to whom long ago, at most 10,000 a call; what waits that long, too. */
async function trimNotifications(
  { notifications, clock }: NoticeHousePorts,
  { keptDays }: Pick<CheckedNotifySettings, 'keptDays'>,
): Promise<void> {
  const before = toInstant(clock.now() - keptDays * dayMillis);
  await trimInRounds((limit) => notifications.trim(before, limit));
}

/** Forgets what came into inboxes long ago, read or not, at most 10,000 a call. */
async function trimInboxes(
  { inbox, clock }: NoticeHousePorts,
  { inboxKeptDays }: Pick<CheckedNotifySettings, 'inboxKeptDays'>,
): Promise<void> {
  const before = toInstant(clock.now() - inboxKeptDays * dayMillis);
  await trimInRounds((limit) => inbox.trim(before, limit));
}

/**
 * Gives a job to what was not touched for hours: its own was cancelled, or a process died in the last try. One that has a job gets none, at
 * most 100 a call.
 */
async function reviveNotifications({ notifications, queue, unitOfWork, clock }: NoticeHousePorts): Promise<void> {
  const ids = await notifications.untouched(toInstant(clock.now() - untouchedMillis), mostAtOnce);
  if (ids.length === 0) return;
  await unitOfWork.run('ledger', (unit) => queue.addMany(unit, noticeActor, ids.map(noticeJob)));
  queue.wake([noticeJobKind]);
}
