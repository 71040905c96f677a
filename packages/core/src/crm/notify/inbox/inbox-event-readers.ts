import type { EventReaders, FeedEvent } from '../../../foundation/events/index.js';
import { type Actor, actorRef } from '../../../foundation/kernel/index.js';

/** Who watches sees what comes into its own inbox, besides what others let it see. */
export class InboxEventReaders implements EventReaders {
  readonly #others: EventReaders;

  constructor(others: EventReaders) {
    this.#others = others;
  }

  async readable(actor: Actor, events: readonly FeedEvent[]): Promise<readonly FeedEvent[]> {
    const readable = new Set(await this.#others.readable(actor, events));
    return events.filter((event) => readable.has(event) || isDelivered(event, actor));
  }
}

function isDelivered({ type, data }: FeedEvent, actor: Actor): boolean {
  if (type !== 'notification.sent' || actor.kind !== 'user') return false;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  const said: Readonly<Record<string, unknown>> = { ...data };
  return said['channel'] === 'in-app' && said['recipient'] === actorRef(actor);
}
