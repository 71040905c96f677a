import type { LeadId, LmsError } from '../../foundation/kernel/index.js';

/** To whom a lead goes. */
export interface AssignRequest {
  /** Id of a user with the role agent or manager. */
  readonly to: string;
  /** Why; free text of at most 2,000 characters, sealed with the lead's data. */
  readonly reason?: string;
}

export interface UnassignRequest {
  readonly reason?: string;
}

export interface AssignOptions {
  /**
   * The placement version that was read ({@link Assignment.placementVersion}; 0 for a lead that never had an owner).
   * Without it the lead is taken from whoever has it.
   */
  readonly expectedVersion?: number;
  /** A repeat with the same key within 24 hours changes nothing. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** Who has a lead after a command. */
export interface Assignment {
  readonly leadId: LeadId;
  readonly ownerId: string | null;
  /** The team of the owner that the lead counts for. */
  readonly team: string | null;
  readonly placementVersion: number;
  /** False when the lead was with that owner already, or the command is a repeat. */
  readonly changed: boolean;
}

/** One lead of {@link AssignmentService.assignMany}. */
export interface AssignItem extends AssignRequest {
  /** Id or number. */
  readonly lead: string;
  readonly expectedVersion?: number;
}

export type AssignOutcome =
  | { readonly ok: true; readonly lead: string; readonly assignment: Assignment }
  | { readonly ok: false; readonly lead: string; readonly error: LmsError };
