import {
  type Actor,
  type AggregateRef,
  actorRef,
  type Clock,
  type DomainEvent,
  type IdSource,
  type Json,
  toInstant,
} from '../kernel/index.js';
import type { Carried } from './projection.js';
import type { Unit } from './unit-of-work.js';

/** An event before it gets its id and time. */
export interface EventDraft {
  /** `noun.past_tense` */
  readonly type: string;
  readonly typeVersion: number;
  readonly aggregate: AggregateRef;
  readonly actor: Actor;
  /** The command that caused it, such as `leads.create`. */
  readonly command: string;
  /** Ties events of one request together; the event's own id when absent. */
  readonly correlationId?: string;
  readonly causationId?: string;
  /** No personal data in the clear. */
  readonly data: Json;
  /** The personal part, sealed under the aggregate's data key. */
  readonly sealed: string | null;
}

/** The event of a draft, which happens now. */
export function stampEvent(
  draft: EventDraft,
  { ids, clock }: { readonly ids: IdSource; readonly clock: Clock },
): DomainEvent {
  const id = ids.next<'event'>();
  return {
    id,
    type: draft.type,
    typeVersion: draft.typeVersion,
    aggregate: draft.aggregate,
    at: toInstant(clock.now()),
    actor: actorRef(draft.actor),
    via: draft.actor.kind === 'system' ? null : (draft.actor.via ?? null),
    command: draft.command,
    correlationId: draft.correlationId ?? id,
    causationId: draft.causationId ?? null,
    data: draft.data,
    sealed: draft.sealed,
  };
}

/**
 * Records what happened as part of the unit that made it happen. Where both homes are one database the projections run
 * in the same unit; else those of the unit's own home do, and the event waits in the outbox for the other home.
 */
export interface EventRecorder {
  /** @param carried the aggregates just written, by `kind:id`, so that projections need not read them again */
  record(unit: Unit, drafts: readonly EventDraft[], carried?: Carried): Promise<readonly DomainEvent[]>;
}
