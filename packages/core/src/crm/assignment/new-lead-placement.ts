import { z } from 'zod';
import type { User, UserStore } from '../../foundation/access/index.js';
import { actorRef, type DomainEvent, type LeadId, systemActor } from '../../foundation/kernel/index.js';
import type { Step, StepResult, Unit } from '../../foundation/persistence/index.js';
import { currentLeads, type LeadFactsStore, type LeadStore, type StoredLead } from '../leads/index.js';
import { worksLeads } from './assignee.js';
import { placementEvent } from './assignment-events.js';
import { confirmedPlacement } from './confirmed-placement.js';
import type { PlacementStore } from './placement-store.js';

export interface NewLeadPlacementPorts {
  readonly placements: PlacementStore;
  readonly facts: LeadFactsStore;
  readonly users: UserStore;
  readonly leads: LeadStore;
}

type Refusal = { readonly code: string; readonly reason: string };

const ownerData: z.ZodType<{ readonly ownerId: string }> = z.object({ ownerId: z.string() });
const firstVersion = 1;
/** Of a placement that was refused: over at once, and newer than what the lead says of itself. */
const refusedVersion = 2;

/**
 * Places a lead made by an agent with that agent: the first placement follows from `lead.created`, which names the owner. It is
 * refused when the agent has left meanwhile or works no leads any more, or the lead is deleted: then the ledger keeps a placement that
 * is over, and `lead.unassigned` with the code of the refusal leaves the lead without an owner, for managers to see. Once a lead has had any placement
 * there is nothing to do, so the event may come twice or after an assignment.
 */
export function newLeadPlacementStep(ports: NewLeadPlacementPorts): Step {
  return {
    name: 'new-lead-placement',
    handles: (event) => event.type === 'lead.created' && ownerData.safeParse(event.data).success,
    async take(unit, events, carried) {
      const ids = events.map(leadIdOf);
      const placed = new Set((await ports.placements.versions(unit, ids)).keys());
      const found = await currentLeads(ports.leads, unit, ids, carried);
      const leads = new Map(found.map((lead) => [lead.id, lead]));
      const users = new Map<string, User | null>();
      const results: StepResult[] = [];
      for (const event of events) {
        const { ownerId } = ownerData.parse(event.data);
        if (!users.has(ownerId)) users.set(ownerId, await ports.users.get(unit, ownerId));
        const owner = users.get(ownerId) ?? null;
        const leadId = leadIdOf(event);
        if (placed.has(leadId)) results.push({ event, outcome: 'done' });
        else results.push(await placeOrRefuse(ports, unit, { event, ownerId, owner, lead: leads.get(leadId) }));
        placed.add(leadId);
      }
      return results;
    },
  };
}

interface Asked {
  readonly event: DomainEvent;
  readonly ownerId: string;
  readonly owner: User | null;
  readonly lead: StoredLead | undefined;
}

async function placeOrRefuse(ports: NewLeadPlacementPorts, unit: Unit, asked: Asked): Promise<StepResult> {
  const { event, ownerId, owner } = asked;
  const leadId = leadIdOf(event);
  const refusal = refusalOf(asked);
  const team = owner?.teams[0] ?? null;
  const version = refusal === null ? firstVersion : refusedVersion;
  const made = confirmedPlacement({
    id: event.id,
    leadId,
    holderId: ownerId,
    team,
    version,
    at: event.at,
    by: event.actor,
  });
  if (refusal === null) {
    if (await ports.placements.insert(unit, made)) {
      await ports.facts.projectPlacement(unit, { leadId, ownerId, team, partner: null, placementVersion: version });
    }
    return { event, outcome: 'done' };
  }
  const released = { status: 'released', releasedAt: event.at, releasedBy: actorRef(placer) } as const;
  // Somebody gave the lead to another in the meantime: that holds, and nothing is taken back.
  if (!(await ports.placements.insert(unit, { ...made, ...released }))) return { event, outcome: 'done' };
  const compensation = placementEvent(
    {
      leadId,
      ownerId: null,
      team: null,
      previousOwnerId: ownerId,
      placementVersion: version,
      refused: refusal.code,
    },
    { actor: placer, command: event.command, sealedReason: null },
  );
  return { event, outcome: 'refused', ...refusal, compensation };
}

const placer = systemActor('placement');

function refusalOf({ lead, owner, ownerId }: Asked): Refusal | null {
  if (lead !== undefined && lead.deletedAt !== null) return { code: 'LEAD_DELETED', reason: 'the lead was deleted' };
  if (owner === null) return { code: 'USER_NOT_FOUND', reason: `there is no user ${ownerId}` };
  if (!owner.active) return { code: 'USER_INACTIVE', reason: `the user ${ownerId} is not active` };
  if (!worksLeads(owner)) return { code: 'PERMISSION_DENIED', reason: `the user ${ownerId} works no leads any more` };
  return null;
}

function leadIdOf(event: DomainEvent): LeadId {
  return event.aggregate.id as LeadId;
}
