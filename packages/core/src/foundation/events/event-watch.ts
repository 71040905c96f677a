import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Actor, checkInput } from '../kernel/index.js';
import { type ConsumerStart, consumerStartShape } from './consumer.js';
import type { EventFeed } from './event-feed.js';
import { eventTypesShape } from './event-types.js';
import type { FeedEvent } from './feed-event.js';

/** Who may read which events; answered by what knows leads. */
export interface EventReaders {
  /**
   * Those of the events that the actor may read: all, or those about leads that it may see.
   * @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED`
   */
  readable(actor: Actor, events: readonly FeedEvent[]): Promise<readonly FeedEvent[]>;
}

export interface EventWatchPorts {
  readonly feed: EventFeed;
  readonly readers: EventReaders;
  /** Gives what happened its positions. */
  readonly seal: () => Promise<unknown>;
}

export interface WatchOptions {
  /** `lead.created`, `lead.*`; everything when absent. */
  readonly types?: readonly string[];
  /** Ids of leads, at most 100: only what is about them. */
  readonly leads?: readonly string[];
  /** `now` when absent; a position goes on after it, as the last item said. */
  readonly from?: ConsumerStart;
  /** Ends the watch. */
  readonly signal?: AbortSignal;
  /** How often it looks for more, in milliseconds; 1,000 when absent. */
  readonly pollMillis?: number;
  /** False ends the watch where the feed ends; it goes on when absent. */
  readonly follow?: boolean;
}

/** What a watch gives: an event, or that it passed over some because its reader was too slow. */
export type WatchItem =
  | { readonly kind: 'event'; readonly position: number; readonly event: FeedEvent }
  | {
      readonly kind: 'gap';
      /** Go on after it; what came before is not told any more. */
      readonly position: number;
      /** Positions that were passed over, whether or not they were of interest. */
      readonly missed: number;
    };

const optionsShape = z.object({
  types: eventTypesShape.exactOptional(),
  leads: z.array(z.string().min(1).max(64)).min(1).max(100).exactOptional(),
  from: consumerStartShape.exactOptional(),
  pollMillis: z.int().min(10).max(60_000).exactOptional(),
  follow: z.boolean().exactOptional(),
});

const pageSize = 100;
/** A reader that was at the end and is so far behind now is a screen that nobody looks at. */
const mostBehind = 10_000;

/** Tells what happens to whoever looks on: live, and not durable. It holds one page, however slow its reader is. */
export class EventWatch {
  readonly #ports: EventWatchPorts;

  constructor(ports: EventWatchPorts) {
    this.#ports = ports;
  }

  /**
   * Events that the actor may read, in order, from this and all other processes, until the signal is aborted. It seals by itself what
   * it looks for, so it needs no worker.
   * @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` (also later, when the actor is deactivated), `STORE_*`
   */
  async *watch(actor: Actor, options: WatchOptions = {}): AsyncGenerator<WatchItem, void, void> {
    const { signal, ...given } = options;
    const {
      types,
      leads,
      from = 'now',
      pollMillis = 1_000,
      follow = true,
    } = checkInput(optionsShape, given, 'events cannot be watched');
    const { feed, readers, seal } = this.#ports;
    await readers.readable(actor, []);
    await seal();
    const head = await feed.head();
    let at = from === 'now' ? head : from === 'beginning' ? 0 : Math.min(from, head);
    let wasAtEnd = from === 'now';
    const filters = {
      ...(types === undefined ? {} : { types }),
      ...(leads === undefined ? {} : { aggregateIds: leads }),
    };
    while (signal?.aborted !== true) {
      const page = await feed.page({ after: at, ...filters, limit: pageSize });
      if (wasAtEnd && page.head - at > mostBehind) {
        yield { kind: 'gap', position: page.head, missed: page.head - at };
        at = page.head;
        continue;
      }
      for (const event of await readers.readable(actor, page.events)) {
        yield { kind: 'event', position: event.position, event };
        if (signal?.aborted) return;
      }
      at = page.next;
      if (page.next < page.head) continue;
      wasAtEnd = true;
      if (!follow) return;
      await sleep(pollMillis, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      if (!signal?.aborted) await seal();
    }
  }
}
