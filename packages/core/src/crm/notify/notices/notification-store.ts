import type { ActorRef, Instant } from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';
import type { NoticeBook, NoticeChannel } from './notice-book.js';

export type { NoticeChannel };

/** A published version of all templates and rules. */
export interface StoredNoticeBook {
  /** 1, 2, 3... */
  readonly version: number;
  readonly book: NoticeBook;
  readonly publishedAt: Instant;
  readonly publishedBy: ActorRef;
}

/**
 * `waiting` until it is sent, also between tries; `sending` from right before a try until its end is written: one that is found so by
 * somebody else was left behind by a process that died. The others are ends: `suppressed` was not to be sent, `failed` could not be, of
 * `unknown` nobody knows whether it arrived.
 */
export type NotificationStatus = 'waiting' | 'sending' | 'sent' | 'suppressed' | 'failed' | 'unknown';

export const notificationStatuses: readonly NotificationStatus[] = [
  'waiting',
  'sending',
  'sent',
  'suppressed',
  'failed',
  'unknown',
];

/** What the event says besides what it is about; nothing personal. */
export interface NoticeDetails {
  readonly at: Instant;
  /** Slugs of stages, of a move. */
  readonly from?: string;
  readonly to?: string;
}

/** Somebody to be told of an event by one channel. Who that is and what is said is found when it is sent. */
export interface NewNotification {
  /** Always the same for one event, rule, recipient and channel. */
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly rule: string;
  /** `person`, `user:asha` or `address`. */
  readonly recipient: string;
  readonly channel: NoticeChannel;
  readonly leadId: string;
  readonly bookVersion: number;
  readonly details: NoticeDetails;
  readonly madeAt: Instant;
}

export interface StoredNotification extends NewNotification {
  readonly status: NotificationStatus;
  /** Code of what it was suppressed for, or last failed with; null otherwise. */
  readonly reason: string | null;
  /** What the provider last answered, such as `SMTP 550`; null when it said nothing. */
  readonly answer: string | null;
  /** Of the template it was sent with; null before. */
  readonly language: string | null;
  /** Tries that were begun. Whoever knows of fewer has lost it. */
  readonly attempts: number;
  readonly updatedAt: Instant;
}

/** As a notification was when it was read. */
export type ExpectedNotification = Pick<StoredNotification, 'attempts' | 'status'>;

export interface NotificationQuery {
  readonly status?: NotificationStatus;
  readonly leadId?: string;
  /** Those behind this one. */
  readonly after?: { readonly madeAt: Instant; readonly id: string };
  readonly limit: number;
}

export interface NotificationCounts {
  /** `waiting` and `sending`. */
  readonly waiting: number;
  /** When the first of them was made; null when there is none. */
  readonly oldestAt: Instant | null;
  readonly failed: number;
  readonly unknown: number;
}

/** Lives in the ledger: what is told to whom, and what became of it. Holds no personal data. */
export interface NotificationStore {
  /** False when that version is there, also by a caller at the same time. */
  insertBook(unit: Unit, book: StoredNoticeBook): Promise<boolean>;
  /** One version, or the newest. */
  book(unit: Unit | null, version: number | 'newest'): Promise<StoredNoticeBook | null>;
  /**
   * Adds those that are not there yet, as waiting. MUST: of callers that add the same at once one adds it.
   * @returns ids of those that this call has added
   */
  insert(unit: Unit, notifications: readonly NewNotification[]): Promise<ReadonlySet<string>>;
  /** Locked for this unit where the engine locks rows. */
  get(unit: Unit | null, id: string): Promise<StoredNotification | null>;
  /**
   * Writes what changes of a notification, if it still has so many tries and that status, else nothing and false.
   * MUST: of callers at once that expect the same and write something else, one gets true.
   */
  save(unit: Unit, notification: StoredNotification, expected: ExpectedNotification): Promise<boolean>;
  /** Those that wait or are being sent, and were not written since then; those that were made first go first. @returns their ids */
  untouched(before: Instant, limit: number): Promise<readonly string[]>;
  /** The newest first. */
  list(query: NotificationQuery): Promise<readonly StoredNotification[]>;
  /** How many wait, and how many that were made from `since` on ended badly. */
  counts(since: Instant): Promise<NotificationCounts>;
  /** Forgets at most `limit` that were made before then, whatever became of them. @returns how many */
  trim(before: Instant, limit: number): Promise<number>;
}
