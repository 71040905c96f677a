import { z } from 'zod';
import type { Actor, DomainEvent, LeadId } from '../../foundation/kernel/index.js';
import type { EventDraft } from '../../foundation/persistence/index.js';
import type { PlacementProjection } from '../leads/index.js';

/** What `lead.assigned` and `lead.unassigned` say: the whole placement of the lead after the event. */
export interface PlacementData {
  readonly leadId: string;
  readonly ownerId: string | null;
  readonly team: string | null;
  readonly previousOwnerId: string | null;
  readonly placementVersion: number;
  /**
   * Code of what refused the first placement of a new lead. It comes with `lead.unassigned`: an older release beside this one
   * takes the owner away too, though it knows no refusals.
   */
  readonly refused?: string;
}

const placementData: z.ZodType<PlacementData> = z.object({
  leadId: z.string(),
  ownerId: z.string().nullable(),
  team: z.string().nullable(),
  previousOwnerId: z.string().nullable(),
  placementVersion: z.int(),
  refused: z.string().exactOptional(),
});

/**
 * The event of a lead that changed hands. Its aggregate is the lead's placement, which counts versions of its own.
 * @param sealedReason envelope of the reason under the lead's data key
 */
export function placementEvent(
  data: PlacementData,
  done: { readonly actor: Actor; readonly command: string; readonly sealedReason: string | null },
): EventDraft {
  return {
    type: data.ownerId === null ? 'lead.unassigned' : 'lead.assigned',
    typeVersion: 1,
    aggregate: { kind: 'placement', id: data.leadId, version: data.placementVersion },
    actor: done.actor,
    command: done.command,
    data: { ...data },
    sealed: done.sealedReason,
  };
}

export function isPlacementEvent(event: DomainEvent): boolean {
  return event.type === 'lead.assigned' || event.type === 'lead.unassigned';
}

export function placementDataOf(event: DomainEvent): PlacementData {
  return placementData.parse(event.data);
}

export function placementProjectionOf(data: PlacementData): PlacementProjection {
  return {
    leadId: data.leadId as LeadId,
    ownerId: data.ownerId,
    team: data.team,
    partner: null,
    placementVersion: data.placementVersion,
  };
}
