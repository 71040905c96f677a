import type { ActorRef, Instant, LeadId } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';

/** Who has a lead. A lead has at most one active placement of a rep. */
export interface Placement {
  readonly id: string;
  readonly leadId: LeadId;
  readonly holderKind: 'rep' | 'partner';
  readonly holderId: string;
  /** Team of the rep when placed. */
  readonly team: string | null;
  readonly status: 'reserved' | 'confirmed' | 'released';
  /** Counts the placements of the lead; the highest is the current state. */
  readonly version: number;
  readonly placedAt: Instant;
  readonly placedBy: ActorRef;
  readonly releasedAt: Instant | null;
  readonly releasedBy: ActorRef | null;
}

/** Lives in the ledger. */
export interface PlacementStore {
  /** The active (reserved or confirmed) rep placement, locked for this unit where the engine locks rows. */
  active(unit: Unit | null, leadIds: readonly LeadId[]): Promise<readonly Placement[]>;
  /** The rep placement of the highest version of each lead that ever had one, released or not. */
  newest(unit: Unit | null, leadIds: readonly LeadId[]): Promise<readonly Placement[]>;
  /** The highest placement version of each lead that ever had a placement. */
  versions(unit: Unit, leadIds: readonly LeadId[]): Promise<ReadonlyMap<string, number>>;
  /**
   * MUST: false when the lead already has an active rep placement or the (lead, version) pair is taken; of two callers at once
   * one gets true.
   */
  insert(unit: Unit, placement: Placement): Promise<boolean>;
  /** Marks an active placement released. Raises its version to `version`. False when it is no longer active. */
  release(
    unit: Unit,
    id: string,
    change: { readonly version: number; readonly at: Instant; readonly by: ActorRef },
  ): Promise<boolean>;
  /** Active placements of a holder, by lead id after `after`. */
  ofHolder(holderId: string, after: string | null, limit: number): Promise<readonly Placement[]>;
}
