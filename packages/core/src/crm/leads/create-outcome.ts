import type { LeadId, LmsError, Problem } from '../../foundation/kernel/index.js';
import type { UniqueKey } from '../../foundation/persistence/index.js';
import type { NewLead } from './new-lead.js';

/** Who already holds a value that must be unique. */
export interface DuplicateHolder {
  /** Name of the unique rule. */
  readonly rule: string;
  /** Keys of the fields that the rule compares. */
  readonly fields: readonly string[];
  /** null when an earlier item of the same dry run would hold it, and for a lead that the actor may not see. */
  readonly leadId: LeadId | null;
  readonly number: string | null;
  /** True for a lead that the actor may not see: neither its id nor its number is told. */
  readonly hidden: boolean;
  /** The earlier item of the dry run, as its caller named it. */
  readonly reference: string | null;
}

/** What became of one lead to create. `replayed`: an earlier call with the same idempotency key made it. */
export type CreateOutcome =
  | { readonly kind: 'created'; readonly leadId: LeadId; readonly number: string; readonly replayed: boolean }
  | { readonly kind: 'duplicate'; readonly holders: readonly DuplicateHolder[] }
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] }
  | { readonly kind: 'refused'; readonly error: LmsError };

/** What would become of it: no lead is made, so there is no id and no number. */
export type CheckOutcome =
  | Exclude<CreateOutcome, { kind: 'created' }>
  | { readonly kind: 'creatable'; readonly replayed: boolean };

export interface CreateItem<Lead = NewLead> {
  readonly lead: Lead;
  readonly idempotencyKey?: string;
  /** How a dry run names this item to later ones, such as `row 12`. */
  readonly reference?: string;
}

/** What a dry run has already given away, over all its calls; a real run finds it in the store. */
export interface DryRunClaims {
  /** The reference of the item that has the key, or null. */
  holder(key: UniqueKey): string | null;
  claim(key: UniqueKey, reference: string): void;
}

/** Where nothing has been given away. */
export const noClaims: DryRunClaims = { holder: () => null, claim: () => undefined };

/** A unique value that somebody holds. */
export interface HeldValue {
  readonly rule: string;
  readonly holderId: string;
}
