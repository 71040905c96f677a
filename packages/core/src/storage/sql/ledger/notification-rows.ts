import type { Selectable } from 'kysely';
import type {
  NewNotification,
  NoticeDetails,
  StoredNoticeBook,
  StoredNotification,
} from '../../../crm/notify/notices/notification-store.js';
import { readJson, writeJson } from '../json-text.js';
import type { NoticeBooksTable, NotificationsTable } from '../tables-notifications.js';

export type BookRow = Omit<Selectable<NoticeBooksTable>, 'format'>;
export type NotificationRow = Omit<Selectable<NotificationsTable>, 'format'>;

export const bookColumns: readonly [keyof BookRow & string, ...(keyof BookRow & string)[]] = [
  'version',
  'book',
  'published_at',
  'published_by',
] as const;

export const notificationColumns: readonly [keyof NotificationRow & string, ...(keyof NotificationRow & string)[]] = [
  'id',
  'event_id',
  'event_type',
  'rule',
  'recipient',
  'channel',
  'lead_id',
  'book_version',
  'details',
  'status',
  'reason',
  'answer',
  'language',
  'attempts',
  'held_until',
  'edition',
  'version',
  'made_at',
  'updated_at',
] as const;

export function bookRowOf({ version, book, publishedAt, publishedBy }: StoredNoticeBook): BookRow {
  return { version, book: writeJson(book), published_at: publishedAt, published_by: publishedBy };
}

export function bookOf(row: BookRow): StoredNoticeBook {
  return {
    version: row.version,
    book: readJson<StoredNoticeBook['book']>(row.book),
    publishedAt: row.published_at,
    publishedBy: row.published_by,
  };
}

/** The row of a notification that was just made. */
export function newNotificationRowOf(notification: NewNotification): NotificationRow {
  return {
    id: notification.id,
    event_id: notification.eventId,
    event_type: notification.eventType,
    rule: notification.rule,
    recipient: notification.recipient,
    channel: notification.channel,
    lead_id: notification.leadId,
    book_version: notification.bookVersion,
    details: writeJson(notification.details),
    status: notification.status,
    reason: notification.reason,
    answer: null,
    language: null,
    attempts: 0,
    held_until: null,
    edition: 1,
    version: 1,
    made_at: notification.madeAt,
    updated_at: notification.madeAt,
  };
}

export function notificationOf(row: NotificationRow): StoredNotification {
  return {
    id: row.id,
    eventId: row.event_id,
    eventType: row.event_type,
    rule: row.rule,
    recipient: row.recipient,
    channel: row.channel,
    leadId: row.lead_id,
    bookVersion: row.book_version,
    details: readJson<NoticeDetails>(row.details),
    madeAt: row.made_at,
    status: row.status,
    reason: row.reason,
    answer: row.answer,
    language: row.language,
    attempts: row.attempts,
    heldUntil: row.held_until,
    edition: row.edition,
    version: row.version,
    updatedAt: row.updated_at,
  };
}
