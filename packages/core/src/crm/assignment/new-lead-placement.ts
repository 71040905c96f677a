import { z } from 'zod';
import type { UserStore } from '../../foundation/access/index.js';
import type { DomainEvent, LeadId } from '../../foundation/kernel/index.js';
import type { Projection } from '../../foundation/persistence/index.js';
import type { LeadFactsStore } from '../leads/index.js';
import { confirmedPlacement } from './confirmed-placement.js';
import type { PlacementStore } from './placement-store.js';

export interface NewLeadPlacementPorts {
  readonly placements: PlacementStore;
  readonly facts: LeadFactsStore;
  readonly users: UserStore;
}

const ownerData: z.ZodType<{ readonly ownerId: string }> = z.object({ ownerId: z.string() });
const firstVersion = 1;

/**
 * Places a lead made by an agent with that agent: the first placement follows from `lead.created`, which names the owner.
 * Once a lead has had any placement this does nothing, so the event may come twice or after an assignment.
 */
export function newLeadPlacementProjection(ports: NewLeadPlacementPorts): Projection {
  return {
    name: 'new-lead-placement',
    home: 'ledger',
    handles: (event) => event.type === 'lead.created' && ownerData.safeParse(event.data).success,
    async project(unit, events) {
      const teams = new Map<string, string | null>();
      const placed = await ports.placements.versions(unit, events.map(leadIdOf));
      for (const event of events) {
        const leadId = leadIdOf(event);
        if (placed.has(leadId)) continue;
        const { ownerId } = ownerData.parse(event.data);
        if (!teams.has(ownerId)) teams.set(ownerId, (await ports.users.get(unit, ownerId))?.teams[0] ?? null);
        const team = teams.get(ownerId) ?? null;
        const made = { id: event.id, version: firstVersion, at: event.at, by: event.actor };
        if (!(await ports.placements.insert(unit, confirmedPlacement({ leadId, holderId: ownerId, team, ...made }))))
          continue;
        await ports.facts.projectPlacement(unit, {
          leadId,
          ownerId,
          team,
          partner: null,
          placementVersion: firstVersion,
        });
      }
    },
  };
}

function leadIdOf(event: DomainEvent): LeadId {
  return event.aggregate.id as LeadId;
}
