import type { ActorRef, Instant, LeadId } from '../../foundation/kernel/index.js';
import type { Placement } from './placement-store.js';

/** A lead given to a rep, in effect at once. */
export function confirmedPlacement(given: {
  readonly id: string;
  readonly leadId: LeadId;
  readonly holderId: string;
  readonly team: string | null;
  readonly version: number;
  readonly at: Instant;
  readonly by: ActorRef;
}): Placement {
  return {
    id: given.id,
    leadId: given.leadId,
    holderKind: 'rep',
    holderId: given.holderId,
    team: given.team,
    status: 'confirmed',
    version: given.version,
    placedAt: given.at,
    placedBy: given.by,
    releasedAt: null,
    releasedBy: null,
  };
}
