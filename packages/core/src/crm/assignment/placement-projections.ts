import type { DomainEvent } from '../../foundation/kernel/index.js';
import type { Projection } from '../../foundation/persistence/index.js';
import type { LeadFactsStore, LeadStore, StoredActivity } from '../leads/index.js';
import { isPlacementEvent, type PlacementData, placementDataOf, placementProjectionOf } from './assignment-events.js';

/** Keeps the owner in `lead_facts` in step with the placements. */
export function placementFactsProjection(facts: LeadFactsStore): Projection {
  return {
    name: 'placement-facts',
    home: 'ledger',
    handles: isPlacementEvent,
    async project(unit, events) {
      for (const data of newestOfEachLead(events)) await facts.projectPlacement(unit, placementProjectionOf(data));
    },
  };
}

/** Keeps the owner on the lead in step with the placements, and leaves an ASSIGNED activity for each change, PLACEMENT_REFUSED for a first one that was refused. */
export function placementLeadsProjection(leads: LeadStore): Projection {
  return {
    name: 'placement-leads',
    home: 'documents',
    handles: isPlacementEvent,
    async project(unit, events) {
      for (const data of newestOfEachLead(events)) await leads.projectPlacement(unit, placementProjectionOf(data));
      for (const event of events) {
        const projected = placementProjectionOf(placementDataOf(event));
        await leads.appendActivities(unit, projected.leadId, [activityOf(event)]);
      }
    },
  };
}

/** The event's id makes the activity unique however often the event is projected. */
function activityOf(event: DomainEvent): StoredActivity {
  const { ownerId, previousOwnerId, refused } = placementDataOf(event);
  return {
    id: event.id,
    type: refused === undefined ? 'ASSIGNED' : 'PLACEMENT_REFUSED',
    at: event.at,
    actor: event.actor,
    data: refused === undefined ? { from: previousOwnerId, to: ownerId } : { to: previousOwnerId, code: refused },
    sealed: event.sealed,
  };
}

/** Each event holds the whole placement, so only the last of a lead counts. */
function newestOfEachLead(events: readonly DomainEvent[]): readonly PlacementData[] {
  const newest = new Map<string, PlacementData>();
  for (const data of events.map(placementDataOf)) {
    const known = newest.get(data.leadId);
    if (known === undefined || known.placementVersion < data.placementVersion) newest.set(data.leadId, data);
  }
  return [...newest.values()];
}
