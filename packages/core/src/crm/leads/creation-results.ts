import { type LeadId, LmsError } from '../../foundation/kernel/index.js';
import type { DataKey, LookupRing } from '../../foundation/privacy/index.js';
import type { CreateItem } from './create-outcome.js';
import type { OpenLead, UnnumberedState } from './lead-state.js';
import type { LeadText, StoredLead } from './lead-store.js';
import { isRefusal } from './many-outcome.js';
import type { LeadDraft } from './prepare-lead.js';

/** A lead that a unit makes. */
export interface CreatedLead extends Pick<StoredLead, 'id' | 'number' | 'numberMonth' | 'numberSeq'> {
  /** Its place in the request. */
  readonly index: number;
}

/** What opened a draft before it was sealed. */
export interface Opened {
  readonly state: UnnumberedState;
  readonly key: DataKey;
}

export function openLeads(
  created: readonly CreatedLead[],
  drafts: readonly LeadDraft[],
  opened: ReadonlyMap<number, Opened>,
): ReadonlyMap<number, OpenLead> {
  const lines = new Map(drafts.map(({ index, line }) => [index, line]));
  const made = new Map<number, OpenLead>();
  for (const { index, number, numberMonth, numberSeq } of created) {
    const line = lines.get(index);
    const open = opened.get(index);
    if (line === undefined || open === undefined) continue;
    const state = { ...open.state, number, numberMonth, numberSeq };
    made.set(index, { state, schema: line.schema, key: open.key });
  }
  return made;
}

/** The texts of leads that were made on another thread, where they are as they are stored: with hashes under the first look-up key. */
export function textsOf(drafts: readonly LeadDraft[], { generation }: LookupRing): ReadonlyMap<LeadId, LeadText> {
  if (generation > 1) return new Map();
  return new Map(drafts.flatMap(({ leadId, text }) => (text === null ? [] : [[leadId, text]])));
}

/** An error of the item itself; what is wrong with the store is thrown on. */
export function refusal(error: unknown): LmsError {
  if (LmsError.isInstance(error) && isRefusal(error)) return error;
  throw error;
}

export function inOrder<Outcome>(
  items: readonly CreateItem[],
  ...found: readonly ReadonlyMap<number, Outcome>[]
): readonly Outcome[] {
  return items.map((_, index) => {
    const outcome = found.map((outcomes) => outcomes.get(index)).find((one) => one !== undefined);
    if (outcome === undefined) throw new LmsError('INTERNAL', { message: `item ${index} has no outcome` });
    return outcome;
  });
}
