import type { LeadClaim, PreparedLead } from '../../leads/index.js';

/** What a dry run needs of a lead. */
export function claimOf({ index, leadId, line, keys, command }: PreparedLead): LeadClaim {
  return { index, leadId, line, keys, command };
}
