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
  /** A notice in the application is `sent` as it is made, since it is in the inbox then; what is not to be sent is `suppressed`. */
  readonly status: Extract<NotificationStatus, 'waiting' | 'sent' | 'suppressed'>;
  /** Code of what it was suppressed for, or last failed with; null otherwise. */
  readonly reason: string | null;
}

export interface StoredNotification extends Omit<NewNotification, 'status'> {
  readonly status: NotificationStatus;
  /** What the provider last answered, such as `SMTP 550`; null when it said nothing. */
  readonly answer: string | null;
  /** Of the template it was sent with; null before. */
  readonly language: string | null;
  /** Tries that were begun. */
  readonly attempts: number;
  /** Quiet hours hold it until then; null when none do. */
  readonly heldUntil: Instant | null;
  /** 1, and one more with each retry of what the provider refused: what is sent then is another message to it. */
  readonly edition: number;
  /** 1, and one more with each change. Whoever knows of an older one has lost it. */
  readonly version: number;
  readonly updatedAt: Instant;
}

/** A notification as it is when it was just added. */
export function freshNotification(made: NewNotification): StoredNotification {
  const untried = { answer: null, language: null, attempts: 0, heldUntil: null, edition: 1, version: 1 };
  return { ...made, ...untried, updatedAt: made.madeAt };
}

export interface NotificationQuery {
  readonly status?: NotificationStatus;
  readonly leadId?: string;
  /** Those behind this one. */
  readonly after?: { readonly madeAt: Instant; readonly id: string };
  readonly limit: number;
}

export interface NotificationCounts {
  /** `waiting` and `sending`, those that are held among them. */
  readonly waiting: number;
  /** Those that wait for the end of quiet hours. */
  readonly held: number;
  /** When the first of the others was made; null when there is none. */
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
   * Adds those that are not there yet. MUST: of callers that add the same at once one adds it.
   * @returns ids of those that this call has added
   */
  insert(unit: Unit, notifications: readonly NewNotification[]): Promise<ReadonlySet<string>>;
  /** Locked for this unit where the engine locks rows. */
  get(unit: Unit | null, id: string): Promise<StoredNotification | null>;
  /**
   * Writes what changes of a notification, if it still has the version before this one, else nothing and false.
   * MUST: of callers at once that write the same version, one gets true.
   */
  save(unit: Unit, notification: StoredNotification): Promise<boolean>;
  /**
   * Those that wait or are being sent, were not written since then and not held after it; those that were made first go first.
   * @returns their ids
   */
  untouched(before: Instant, limit: number): Promise<readonly string[]>;
  /** The newest first. */
  list(query: NotificationQuery): Promise<readonly StoredNotification[]>;
  /** How many wait, and how many that were made from `since` on ended badly. */
  counts(moments: { readonly since: Instant; readonly now: Instant }): Promise<NotificationCounts>;
  /** Forgets at most `limit` that were made before then, whatever became of them. @returns how many */
  trim(before: Instant, limit: number): Promise<number>;
}
