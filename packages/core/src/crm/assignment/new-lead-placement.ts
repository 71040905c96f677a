import { z } from 'zod';
import type { User, UserStore } from '../../foundation/access/index.js';
import type { DomainEvent, LeadId } from '../../foundation/kernel/index.js';
import type { Step, StepResult, Unit } from '../../foundation/persistence/index.js';
import { currentLeads, type LeadFactsStore, type LeadStore, type StoredLead } from '../leads/index.js';
import { newLeadPlacementName, placeOrRefuse, usersIn } from './first-placement.js';
import type { PlacementStore } from './placement-store.js';

export interface NewLeadPlacementPorts {
  readonly placements: PlacementStore;
  readonly facts: LeadFactsStore;
  readonly users: UserStore;
  readonly leads: LeadStore;
}

const ownerData: z.ZodType<{ readonly ownerId: string }> = z.object({ ownerId: z.string() });
const firstVersion = 1;

/**
 * Places a lead made by an agent with that agent: the first placement follows from `lead.created`, which names the owner. It is
 * refused when the agent has left meanwhile or works no leads any more, or the lead is deleted: then the ledger keeps a placement that
 * is over, and `lead.unassigned` with the code of the refusal leaves the lead without an owner, for managers to see. Once a lead has had any placement
 * there is nothing to do, so the event may come twice or after an assignment.
 */
export function newLeadPlacementStep(ports: NewLeadPlacementPorts): Step {
  return {
    name: newLeadPlacementName,
    handles: (event) => event.type === 'lead.created' && ownerData.safeParse(event.data).success,
    async take(unit, events, carried) {
      const ids = events.map(leadIdOf);
      const placed = new Set((await ports.placements.versions(unit, ids)).keys());
      const found = await currentLeads(ports.leads, unit, ids, carried);
      const leads = new Map(found.map((lead) => [lead.id, lead]));
      const userOf = usersIn(unit, ports.users);
      const results: StepResult[] = [];
      for (const event of events) {
        const leadId = leadIdOf(event);
        const lead = leads.get(leadId);
        const { ownerId } = ownerData.parse(event.data);
        const owner = await userOf(ownerId);
        if (placed.has(leadId)) results.push({ event, outcome: 'done' });
        else results.push(await place(ports, unit, { event, ownerId, owner, lead }));
        placed.add(leadId);
      }
      return results;
    },
  };
}

async function place(
  ports: NewLeadPlacementPorts,
  unit: Unit,
  asked: {
    readonly event: DomainEvent;
    readonly ownerId: string;
    readonly owner: User | null;
    readonly lead: StoredLead | undefined;
  },
): Promise<StepResult> {
  const { event, ownerId, owner, lead } = asked;
  const given = await placeOrRefuse(ports, unit, {
    id: event.id,
    leadId: leadIdOf(event),
    ownerId,
    owner,
    isDeleted: lead !== undefined && lead.deletedAt !== null,
    version: firstVersion,
    at: event.at,
    by: event.actor,
    command: event.command,
  });
  return given.outcome === 'refused' ? { event, ...given } : { event, outcome: 'done' };
}

function leadIdOf(event: DomainEvent): LeadId {
  return event.aggregate.id as LeadId;
}
