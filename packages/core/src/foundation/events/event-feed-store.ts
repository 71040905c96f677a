import type { EventTypes } from './event-types.js';
import type { FeedEvent } from './feed-event.js';

export type { EventTypes, FeedEvent };

export interface FeedWindow {
  /** Positions above this one. */
  readonly after: number;
  /** And up to this one: what bounds the work, however rare the events are. */
  readonly through: number;
  /** null for all. */
  readonly types: EventTypes | null;
  /** Only what is about these, at most 100; null for all. */
  readonly aggregateIds: readonly string[] | null;
  readonly limit: number;
}

/** The sealed rows of the trail as events. Lives in the ledger. */
export interface EventFeedStore {
  /** Those of the window that pass the filters, by position, at most `limit`. Reads no row outside of the window. */
  events(window: FeedWindow): Promise<readonly FeedEvent[]>;
}
