import type { JobQueue } from '../../../foundation/jobs/index.js';
import type { ErrorCode } from '../../../foundation/kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../../../foundation/persistence/index.js';
import type { LeadFactsRow } from '../../leads/index.js';
import type { InboxStore, NewInboxNotice } from '../inbox/index.js';
import type { NoticeRule } from './notice-book.js';
import { noticeActor, noticeJob, noticeJobKind } from './notice-job.js';
import { isSilenced } from './notice-writer.js';
import { notificationEvent } from './notification.js';
import {
  freshNotification,
  type NewNotification,
  type NotificationStore,
  type StoredNotification,
} from './notification-store.js';
import type { ToldUsers } from './told-users.js';

export interface NoticeHandOutPorts {
  readonly notifications: Pick<NotificationStore, 'insert'>;
  readonly inbox: Pick<InboxStore, 'insert'>;
  readonly queue: JobQueue;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
}

/** A notification that was not decided on, and what its job is tied to. */
export interface HandedOut {
  readonly notification: NewNotification;
  readonly correlationId: string;
}

/** How a notification begins. */
export type Beginning = Pick<NewNotification, 'status' | 'reason'>;

/** What is about to be told to a user. */
export interface ToldUser {
  readonly userId: string;
  readonly rule: NoticeRule;
  readonly channel: NewNotification['channel'];
  readonly eventType: string;
  readonly facts: LeadFactsRow;
}

const waiting: Beginning = { status: 'waiting', reason: null };

/** Whether a user is told: not against what it prefers, and by its inbox not of leads that it may not see. @throws LmsError `STORE_*` */
export async function beginningFor(users: ToldUsers, told: ToldUser): Promise<Beginning> {
  const { userId, rule, channel, facts } = told;
  const preferences = (await users.preferences([userId])).get(userId) ?? null;
  if (preferences !== null && isSilenced(told, rule, preferences)) return suppressed('NOTICE_PREFERENCE_OFF');
  // Whatever is sent is looked at again when it is.
  if (channel !== 'in-app') return waiting;
  const refusal = await users.refusal(userId, facts);
  return refusal === null ? { status: 'sent', reason: null } : suppressed(refusal);
}

/**
 * Adds notifications in one commit, and with each what makes it true: the job of one that is to be sent, the notice in the inbox of a user,
 * the event of one that has ended. Those that are there already stay as they are. @throws LmsError `STORE_*`
 */
export async function handOut(
  { notifications, inbox, queue, unitOfWork, events }: NoticeHandOutPorts,
  made: readonly HandedOut[],
): Promise<void> {
  await unitOfWork.run('ledger', async (unit) => {
    const added = await notifications.insert(
      unit,
      made.map(({ notification }) => notification),
    );
    const fresh = made.filter(({ notification }) => added.has(notification.id));
    const ended = fresh.filter(({ notification }) => notification.status !== 'waiting');
    const jobs = fresh.filter(({ notification }) => notification.status === 'waiting');
    await inbox.insert(
      unit,
      ended.flatMap(({ notification }) => inboxNoticeOf(notification) ?? []),
    );
    await events.record(
      unit,
      ended.map(({ notification }) => {
        const done = { type: `notification.${notification.status}`, actor: noticeActor, command: 'notify.hand-out' };
        return notificationEvent(freshNotification(notification), done);
      }),
    );
    await queue.addMany(
      unit,
      noticeActor,
      jobs.map(({ notification, correlationId }) => ({ ...noticeJob(notification.id), correlationId })),
    );
  });
  queue.wake([noticeJobKind]);
}

/** The notice of a notification that is in an inbox; null where it is in none. */
export function inboxNoticeOf(
  notification: Pick<StoredNotification, 'channel' | 'status'> & Omit<NewNotification, 'status'>,
): NewInboxNotice | null {
  const { id, recipient, channel, status, eventType, rule, leadId, bookVersion, details, madeAt } = notification;
  if (channel !== 'in-app' || status !== 'sent') return null;
  return { id, userId: userOf(recipient), eventType, rule, leadId, bookVersion, details, madeAt };
}

export function recipientOf(userId: string): string {
  return `user:${userId}`;
}

/** Of a recipient that is a user. */
export function userOf(recipient: string): string {
  return recipient.slice(recipient.indexOf(':') + 1);
}

function suppressed(reason: ErrorCode): Beginning {
  return { status: 'suppressed', reason };
}
