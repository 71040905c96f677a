import type { AuditChainStore } from '../audit/index.js';
import type { EventFeedStore } from './event-feed-store.js';
import { eventTypesOf } from './event-types.js';
import type { FeedEvent } from './feed-event.js';

export interface EventFeedPorts {
  readonly eventFeed: EventFeedStore;
  readonly auditChain: Pick<AuditChainStore, 'head'>;
}

export interface FeedQuery {
  /** The position after which to go on: `next` of the page before, 0 for the beginning. */
  readonly after: number;
  /** `lead.created`, `lead.*`; all when absent. */
  readonly types?: readonly string[];
  /** Only what is about these, at most 100; all when absent. */
  readonly aggregateIds?: readonly string[];
  readonly limit: number;
}

/** Events by position. */
export interface FeedPage {
  readonly events: readonly FeedEvent[];
  /**
   * How far was looked: go on after it. It moves on past events that the filters leave out, so a page without events is the end only
   * where `next` is `head`.
   */
  readonly next: number;
  /** Where the feed ends now. */
  readonly head: number;
}

/** Positions that one statement, and one page, look at. */
const window = 1_000;
const mostLookedAt = 10_000;

/**
 * What happened, in the order of the sealed trail: in pages, after a position. An event is in the feed once it is sealed, which a worker
 * does about every second and each `tick` does. Events of one aggregate come in the order in which they happened. Nothing is ever
 * inserted before a position that was given.
 */
export class EventFeed {
  readonly #ports: EventFeedPorts;

  constructor(ports: EventFeedPorts) {
    this.#ports = ports;
  }

  /** The position of the last event; 0 where there is none. */
  async head(): Promise<number> {
    return (await this.#ports.auditChain.head(null))?.position ?? 0;
  }

  /** A page; looks at no more than 10,000 positions, whatever the filters. */
  async page({ after, types, aggregateIds, limit }: FeedQuery): Promise<FeedPage> {
    const head = await this.head();
    const last = Math.min(head, after + mostLookedAt);
    const filters = { types: eventTypesOf(types), aggregateIds: aggregateIds ?? null };
    const events: FeedEvent[] = [];
    let next = after;
    while (next < last && events.length < limit) {
      const through = Math.min(last, next + window);
      const wanted = limit - events.length;
      const found = await this.#ports.eventFeed.events({ after: next, through, ...filters, limit: wanted });
      events.push(...found);
      next = found.length === wanted ? (found.at(-1)?.position ?? through) : through;
    }
    return { events, next, head };
  }
}
