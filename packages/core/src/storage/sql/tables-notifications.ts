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
  held_until: Instant | null;
  edition: number;
  version: number;
  made_at: Instant;
  updated_at: Instant;
  format: Generated<number>;
}

/** A notice in the inbox of a user. */
export interface InboxNoticesTable {
  user_id: string;
  id: string;
  event_type: string;
  rule: string;
  lead_id: string;
  book_version: number;
  details: string;
  made_at: Instant;
  read_at: Instant | null;
  format: Generated<number>;
}

/** How users want to be told. */
export interface NoticePreferencesTable {
  user_id: string;
  preferences: string;
  version: number;
  updated_at: Instant;
  updated_by: ActorRef;
  format: Generated<number>;
}
