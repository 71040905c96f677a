import type { LookupRing } from '../../foundation/privacy/index.js';
import type { LeadIndexEntry } from './lead-store.js';

/** A lead with the hashes of its index under the newest look-up key, as it is stored. */
export function leadUnderRing<Lead extends { readonly index: readonly LeadIndexEntry[] }>(
  lead: Lead,
  ring: LookupRing,
): Lead {
  if (!isBehind(lead, ring)) return lead;
  return {
    ...lead,
    index: lead.index.map((entry) => (entry.hash === null ? entry : { ...entry, hash: ring.newest(entry.hash) })),
  };
}

/** Whether its index has hashes of an older look-up key than the newest. */
export function isBehind({ index }: { readonly index: readonly LeadIndexEntry[] }, ring: LookupRing): boolean {
  return index.some(({ hash }) => hash !== null && ring.isBehind(hash));
}
