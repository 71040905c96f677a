import type { ActorRef, AggregateRef, EventId, Instant, Json } from '../kernel/index.js';

/**
 * Something that happened, as readers outside get it: what the trail says of it, without the personal data, which are sealed there. Who
 * may see more reads the aggregate itself, in the name of an actor. Erasing a lead changes none of this.
 */
export interface FeedEvent {
  /** Its place in the feed: grows by one from event to event, and stays. */
  readonly position: number;
  /** The same however often it is delivered: what to know repeats by. */
  readonly id: EventId;
  /** `noun.past_tense`, such as `lead.stage_changed`. */
  readonly type: string;
  /** Version of the shape of `data` for this type. */
  readonly typeVersion: number;
  readonly at: Instant;
  readonly actor: ActorRef;
  /** The command that caused it, such as `leads.move`. */
  readonly command: string;
  /** What it is about; `version` is the aggregate's own after the event. */
  readonly aggregate: AggregateRef;
  /** Ties events of one request together. */
  readonly correlationId: string;
  /** What changed: clear where harmless, masked where personal. */
  readonly data: Json;
}
