import { z } from 'zod';
import { checkInput } from '../../../foundation/kernel/index.js';
import type { ChangeContext, LeadChange } from '../lead-change.js';
import { emptied } from '../lead-shell.js';

/** Why a lead is erased: a word of this list and no text, since the trail keeps it for ever. */
export const erasureReasons = ['person-asked', 'consent-withdrawn', 'retention-ended', 'entered-wrongly'] as const;
export type ErasureReason = (typeof erasureReasons)[number];

export interface ErasureRequest {
  readonly reason: ErasureReason;
}

const requestShape: z.ZodType<ErasureRequest> = z.strictObject({
  reason: z.enum(erasureReasons, { error: `expected one of ${erasureReasons.join(', ')}` }),
});

/** @throws LmsError `INPUT_INVALID` */
export function checkErasure(input: unknown): ErasureRequest {
  return checkInput(requestShape, input, 'the lead cannot be erased');
}

/** The lead as the shell that is left of it; null when it is one already. The caller destroys its key in the same unit. */
export function eraseLead(
  { lead, at, principal, nextId }: ChangeContext,
  reason: ErasureReason | 'restored-backup',
): LeadChange | null {
  if (lead.erasedAt !== undefined) return null;
  const data = { reason };
  return {
    state: { ...emptied(lead), erasedAt: at },
    activities: [{ id: nextId(), type: 'ERASED', at, actor: principal.ref, data, sealed: null }],
    event: {
      type: 'lead.erased',
      command: 'leads.erase',
      data: { number: lead.number, ...data },
      sealed: null,
    },
  };
}
