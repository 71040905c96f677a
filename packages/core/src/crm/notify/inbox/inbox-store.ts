import type { Instant } from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';

/** A notice in a user's inbox. What it says is found when it is read. */
export interface NewInboxNotice {
  /** That of the notification. */
  readonly id: string;
  readonly userId: string;
  readonly eventType: string;
  readonly rule: string;
  readonly leadId: string;
  /** The version of templates and rules that it goes by. */
  readonly bookVersion: number;
  readonly details: InboxDetails;
  readonly madeAt: Instant;
}

/** What the event says besides what it is about; nothing personal. */
export interface InboxDetails {
  readonly at: Instant;
  /** Slugs of stages, of a move. */
  readonly from?: string;
  readonly to?: string;
}

export interface StoredInboxNotice extends NewInboxNotice {
  /** Null as long as it was not read. */
  readonly readAt: Instant | null;
}

export interface InboxQuery {
  readonly userId: string;
  readonly unread: boolean;
  /** Those behind this one. */
  readonly after?: { readonly madeAt: Instant; readonly id: string };
  readonly limit: number;
}

/** Lives in the ledger. Holds no personal data. */
export interface InboxStore {
  /** Adds those that are not there yet; the others stay as they are. */
  insert(unit: Unit, notices: readonly NewInboxNotice[]): Promise<void>;
  /** The newest first. */
  list(query: InboxQuery): Promise<readonly StoredInboxNotice[]>;
  /** How many of a user's were not read, counted up to `most`. */
  unread(userId: string, most: number): Promise<number>;
  /** Ids of those not read that were made up to then, the oldest first. */
  unreadIds(query: {
    readonly userId: string;
    readonly until: Instant;
    readonly limit: number;
  }): Promise<readonly string[]>;
  /**
   * Marks those of these that are the user's and were not read.
   * MUST: of callers at once each is marked by one. @returns how many this call has marked
   */
  markRead(
    unit: Unit,
    read: { readonly userId: string; readonly ids: readonly string[]; readonly at: Instant },
  ): Promise<number>;
  /** Forgets at most `limit` that were made before then, read or not. @returns how many */
  trim(before: Instant, limit: number): Promise<number>;
}
