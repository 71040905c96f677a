import { LmsError } from '../../foundation/kernel/index.js';
import { type DataKey, type ErasedKey, isErased } from '../../foundation/privacy/index.js';
import type { LeadState } from './lead-state.js';
import type { StoredActivity, StoredLead } from './lead-store.js';

/**
 * What stays of a lead when its personal data is erased: number, product line, stage, status, stays, tasks without their values,
 * activities without their texts, who worked it and where it came from. No value of any field stays, whatever its class, nor what is
 * derived from values, nor properties and links, which hold what somebody typed.
 */
export function emptied(state: LeadState): LeadState {
  return {
    ...state,
    values: {},
    entered: {},
    properties: {},
    links: [],
    score: null,
    tasks: state.tasks.map((task) => ({ ...task, values: {}, entered: {} })),
    activities: state.activities.map(withoutText),
  };
}

/** An erased lead at rest: there is no key to seal anything under. */
export function restingShell(state: LeadState): StoredLead {
  const { values, entered, tasks, ...rest } = emptied(state);
  return {
    ...rest,
    values,
    entered,
    tasks: tasks.map(({ values: _values, entered: _entered, ...task }) => task),
    amountPaise: null,
    region: null,
    index: [],
    sealed: '',
    sealedName: null,
  };
}

/** A lead whose key is destroyed, also where a restored backup still holds the rest of it. */
export function openShell(stored: StoredLead): LeadState {
  const { tasks, ...rest } = clearPart(stored);
  return emptied({ ...rest, tasks: tasks.map((task) => ({ ...task, values: {}, entered: {} })) });
}

/** A stored lead without what is sealed in it and what is worked out from its values. */
export function clearPart({
  sealed: _sealed,
  sealedName: _name,
  index: _index,
  amountPaise: _amount,
  region: _region,
  ...rest
}: StoredLead): Omit<StoredLead, 'sealed' | 'sealedName' | 'index' | 'amountPaise' | 'region'> {
  return rest;
}

/** @throws LmsError `KEY_DESTROYED` for a lead of which only the shell is left */
export function refuseErased(lead: { readonly number: string }, key: DataKey | ErasedKey): asserts key is DataKey {
  if (!isErased(key)) return;
  throw new LmsError('KEY_DESTROYED', {
    message: `the personal data of ${lead.number} was erased; it can be read as it stands, deleted and restored, and not be changed otherwise`,
  });
}

function withoutText(activity: StoredActivity): StoredActivity {
  return activity.sealed === null ? activity : { ...activity, sealed: null };
}
