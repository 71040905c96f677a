import type { User, UserStore } from '../../foundation/access/index.js';
import {
  type Actor,
  type ActorRef,
  actorRef,
  type Instant,
  type LeadId,
  systemActor,
} from '../../foundation/kernel/index.js';
import type { EventDraft, Unit } from '../../foundation/persistence/index.js';
import type { LeadFactsStore } from '../leads/index.js';
import { worksLeads } from './assignee.js';
import { placementEvent } from './assignment-events.js';
import { confirmedPlacement } from './confirmed-placement.js';
import type { PlacementStore } from './placement-store.js';

/** Takes the step and what it refuses back. */
export const placer: Actor = systemActor('placement');

/** As its outcomes name it. */
export const newLeadPlacementName = 'new-lead-placement';

/** An owner that a lead says it has, and that the ledger knows nothing of. */
export interface AskedPlacement {
  readonly id: string;
  readonly leadId: LeadId;
  readonly ownerId: string;
  readonly owner: User | null;
  readonly isDeleted: boolean;
  /** As the lead says it. */
  readonly version: number;
  readonly at: Instant;
  readonly by: ActorRef;
  /** For what is told of a refusal. */
  readonly command: string;
}

export type GivenPlacement =
  | { readonly outcome: 'placed'; readonly team: string | null }
  /** The lead has a placement by now, which holds. */
  | { readonly outcome: 'overtaken' }
  | { readonly outcome: 'refused'; readonly code: string; readonly reason: string; readonly compensation: EventDraft };

/**
 * Gives a lead without any placement the one it speaks of, or refuses it to an owner who has left or works no leads any more, or of a lead that
 * is deleted: then the ledger keeps a placement that is over, newer than what the lead says of itself, and the compensation takes the owner away.
 */
export async function placeOrRefuse(
  ports: {
    readonly placements: Pick<PlacementStore, 'insert'>;
    readonly facts: Pick<LeadFactsStore, 'projectPlacement'>;
  },
  unit: Unit,
  asked: AskedPlacement,
): Promise<GivenPlacement> {
  const { leadId, ownerId, owner } = asked;
  const refusal = refusalOf(asked);
  const team = owner?.teams[0] ?? null;
  const version = refusal === null ? asked.version : asked.version + 1;
  const made = confirmedPlacement({
    id: asked.id,
    leadId,
    holderId: ownerId,
    team,
    version,
    at: asked.at,
    by: asked.by,
  });
  if (refusal === null) {
    if (!(await ports.placements.insert(unit, made))) return { outcome: 'overtaken' };
    await ports.facts.projectPlacement(unit, { leadId, ownerId, team, partner: null, placementVersion: version });
    return { outcome: 'placed', team };
  }
  const released = { status: 'released', releasedAt: asked.at, releasedBy: actorRef(placer) } as const;
  // Somebody gave the lead to another in the meantime: that holds, and nothing is taken back.
  if (!(await ports.placements.insert(unit, { ...made, ...released }))) return { outcome: 'overtaken' };
  const taken = { leadId, ownerId: null, team: null, previousOwnerId: ownerId, placementVersion: version };
  const compensation = placementEvent(
    { ...taken, refused: refusal.code },
    { actor: placer, command: asked.command, sealedReason: null },
  );
  return { outcome: 'refused', ...refusal, compensation };
}

/** Reads each user once in a unit. */
export function usersIn(unit: Unit, users: Pick<UserStore, 'get'>): (id: string) => Promise<User | null> {
  const read = new Map<string, User | null>();
  return async (id) => {
    if (!read.has(id)) read.set(id, await users.get(unit, id));
    return read.get(id) ?? null;
  };
}

function refusalOf(asked: AskedPlacement): { readonly code: string; readonly reason: string } | null {
  const { owner, ownerId, isDeleted } = asked;
  if (isDeleted) return { code: 'LEAD_DELETED', reason: 'the lead was deleted' };
  if (owner === null) return { code: 'USER_NOT_FOUND', reason: `there is no user ${ownerId}` };
  if (!owner.active) return { code: 'USER_INACTIVE', reason: `the user ${ownerId} is not active` };
  if (!worksLeads(owner)) return { code: 'PERMISSION_DENIED', reason: `the user ${ownerId} works no leads any more` };
  return null;
}
