import type { Principal } from '../../foundation/access/index.js';
import type { Carried, EventDraft } from '../../foundation/persistence/index.js';
import { toldAtCreation } from '../../foundation/privacy/index.js';
import type { LeadDraft } from './prepare-lead.js';

/** The events that tell what people allow and forbid whose leads are made, and what they carry along. */
export function saidWith(
  drafts: readonly LeadDraft[],
  { actor }: Principal,
): { readonly events: readonly EventDraft[]; readonly carried: Carried } {
  const told = drafts.flatMap(({ said }) =>
    said === null ? [] : [toldAtCreation(said, { actor, command: 'leads.create' })],
  );
  return {
    events: told.flatMap(({ events }) => events),
    carried: new Map(told.flatMap(({ carried }) => [...carried])),
  };
}
