import type { LeadText, UnnumberedLead } from './lead-store.js';
import { leadText } from './lead-store.js';
import type { LineDefinition } from './line-reader.js';
import type { LeadClaim, LeadDraft } from './prepare-lead.js';

/**
 * Drafts of one line on their way from a thread: texts take half the time of a structured clone, and that of a lead is stored as it
 * is.
 */
export interface PackedDrafts {
  /** JSON of the drafts without what `leads` holds, and without the line. */
  readonly claims: string;
  /** The text of the lead of each draft; none where the drafts are claims. */
  readonly leads: readonly LeadText[];
}

type Placement = Pick<UnnumberedLead, 'ownerId' | 'partner' | 'placementVersion'>;
type PackedClaim = Omit<LeadDraft, 'line' | 'lead' | 'text'> & { readonly placement: Placement };

export function packDrafts(drafts: readonly LeadDraft[]): PackedDrafts {
  const claims = drafts.map(({ line: _line, lead, text: _text, ...claim }): PackedClaim => {
    const { ownerId, partner, placementVersion } = lead;
    return { ...claim, placement: { ownerId, partner, placementVersion } };
  });
  return { claims: JSON.stringify(claims), leads: drafts.map(({ lead }) => leadText(lead)) };
}

export function unpackDrafts({ claims, leads }: PackedDrafts, line: LineDefinition): readonly LeadDraft[] {
  const packed: readonly PackedClaim[] = JSON.parse(claims);
  return packed.map(({ placement, ...claim }, at) => {
    const text = leads[at] ?? '';
    const document: Omit<UnnumberedLead, keyof Placement> = JSON.parse(text);
    return { ...claim, line, text, lead: { ...document, ...placement } };
  });
}

export function packClaims(claims: readonly LeadClaim[]): PackedDrafts {
  return { claims: JSON.stringify(claims.map(({ line: _line, ...claim }) => claim)), leads: [] };
}

export function unpackClaims({ claims }: PackedDrafts, line: LineDefinition): readonly LeadClaim[] {
  const packed: readonly Omit<LeadClaim, 'line'>[] = JSON.parse(claims);
  return packed.map((claim) => ({ ...claim, line }));
}
