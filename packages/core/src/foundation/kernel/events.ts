import type { ActorRef, ActorVia } from './actor.js';
import type { Instant } from './clock.js';
import type { EventId } from './ids.js';

/** What an event is about. `version` is the aggregate's version after the event. */
export interface AggregateRef {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
}

/** Plain JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Something that happened. `type` is `noun.past_tense`; `data` holds no personal data in the clear; what is personal
 * travels in `sealed`, an envelope under the aggregate's own data key (null when nothing is).
 */
export interface DomainEvent<Type extends string = string, Data extends Json = Json> {
  readonly id: EventId;
  readonly type: Type;
  readonly typeVersion: number;
  readonly aggregate: AggregateRef;
  readonly at: Instant;
  readonly actor: ActorRef;
  readonly via: ActorVia | null;
  /** The command that caused it, such as `leads.create`. */
  readonly command: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly data: Data;
  readonly sealed: string | null;
}
