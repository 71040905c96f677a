import type { Generated } from 'kysely';
import type { NoticeChannel, NotificationStatus } from '../../crm/notify/notices/notification-store.js';
import type { ActorRef, Instant } from '../../foundation/kernel/index.js';

/** Templates and rules, a row a version. */
export interface NoticeBooksTable {
  version: number;
  book: string;
  published_at: Instant;
  published_by: ActorRef;
  format: Generated<number>;
}

/** Somebody who is told of an event by one channel. */
export interface NotificationsTable {
  id: string;
  event_id: string;
  event_type: string;
  rule: string;
  recipient: string;
  channel: NoticeChannel;
  lead_id: string;
  book_version: number;
  details: string;
  status: NotificationStatus;
  reason: string | null;
  answer: string | null;
  language: string | null;
  attempts: number;
  made_at: Instant;
  updated_at: Instant;
  format: Generated<number>;
}
