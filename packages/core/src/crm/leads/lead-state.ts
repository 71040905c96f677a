import type { DataKey } from '../../foundation/privacy/index.js';
import type { EnteredTexts, FieldValues, LineSchema } from '../fields/index.js';
import type { LeadTask } from './lead.js';
import type { StoredLead } from './lead-store.js';

type Derived = 'values' | 'entered' | 'tasks' | 'sealed' | 'sealedName' | 'index' | 'amountPaise' | 'region';

/** A lead as commands work on it: opened, without what is derived from its values when it is put to rest. */
export interface LeadState extends Omit<StoredLead, Derived> {
  readonly values: FieldValues;
  readonly entered: EnteredTexts;
  readonly tasks: readonly LeadTask[];
}

/** A lead before it has its number. */
export type UnnumberedState = Omit<LeadState, 'number' | 'numberMonth' | 'numberSeq'>;

/** An opened lead with what it takes to show it. */
export interface OpenLead {
  readonly state: LeadState;
  readonly schema: LineSchema;
  readonly key: DataKey;
}
