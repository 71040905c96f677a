import { type DataKey, type ErasedKey, isErased } from '../../foundation/privacy/index.js';
import { type FieldValues, fieldByKey, isSealed, type LineSchema, maskValue, projectRoles } from '../fields/index.js';
import type { Lead, LeadActivity } from './lead.js';
import type { LeadCodec } from './lead-codec.js';
import type { LeadState } from './lead-state.js';
import type { StoredActivity } from './lead-store.js';

const maskedText = '******';

interface Reading {
  readonly key: DataKey | ErasedKey;
  readonly codec: LeadCodec;
  readonly masked: boolean;
}

/** The lead as a reader sees it; `masked` hides personal values from those who may not see them. */
export function viewLead(state: LeadState, reading: Reading & { readonly schema: LineSchema }): Lead {
  const { schema, key, masked } = reading;
  const { format: _format, numberMonth: _month, numberSeq: _seq, placementVersion: _placement, ...shownState } = state;
  const { id, number, ...rest } = shownState;
  const values = masked ? maskValues(schema, state.values) : state.values;
  const roles = projectRoles(schema, state.values);
  const shown = (field: string | undefined, text: string | null): string | null =>
    text === null || !masked ? text : maskRole(schema, field, state.values);
  return {
    // First, wherever the store keeps them: what is printed reads alike on every shape.
    id,
    number,
    ...rest,
    values,
    entered: masked ? withoutSealed(schema, state.entered) : state.entered,
    name: shown(schema.roles.name, roles.name),
    phone: shown(schema.roles.phone, roles.phone),
    email: shown(schema.roles.email, roles.email),
    amountPaise: roles.amountPaise,
    region: roles.region,
    tasks: masked ? state.tasks.map((task) => ({ ...task, values: {}, entered: {} })) : state.tasks,
    activities: state.activities.map((activity) => viewActivity(activity, reading)),
    erasedAt: isErased(key) ? (state.erasedAt ?? key.destroyedAt) : null,
    masked,
  };
}

export function viewActivity(activity: StoredActivity, { key, codec, masked }: Reading): LeadActivity {
  const { sealed, ...rest } = activity;
  if (sealed === null || isErased(key)) return { ...rest, text: null };
  return { ...rest, text: masked ? maskedText : codec.openText(key, sealed) };
}

/** Values with everything personal masked. */
export function maskValues(schema: LineSchema, values: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const field = fieldByKey(schema, key);
      return [key, field === undefined || isSealed(schema, field) ? maskValue(schema, key, value) : value];
    }),
  );
}

function maskRole(schema: LineSchema, key: string | undefined, values: FieldValues): string {
  const value = key === undefined ? undefined : values[key];
  return key === undefined || value === undefined ? maskedText : maskValue(schema, key, value);
}

function withoutSealed(
  schema: LineSchema,
  entered: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(entered).filter(([key]) => {
      const field = fieldByKey(schema, key);
      return field !== undefined && !isSealed(schema, field);
    }),
  );
}
