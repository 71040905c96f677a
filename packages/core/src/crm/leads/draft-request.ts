import type { Principal } from '../../foundation/access/index.js';
import type { Unit, UnitOptions } from '../../foundation/persistence/index.js';
import type { CreatedLead } from './creation-results.js';
import type { LeadDraft } from './prepare-lead.js';

/** Leads that were checked and sealed before. */
export interface DraftRequest {
  readonly principal: Principal;
  /** In parts, so that the drafts of a large batch need not be in memory at once; gone through anew when the unit is repeated. */
  readonly parts: Iterable<readonly LeadDraft[]>;
  readonly signal?: AbortSignal | undefined;
  /** Writes in the same unit, after the leads; called anew when the unit is repeated. */
  readonly alongside?: (unit: Unit, created: readonly CreatedLead[]) => Promise<void>;
  readonly onFollowing?: UnitOptions['onFollowing'];
}
