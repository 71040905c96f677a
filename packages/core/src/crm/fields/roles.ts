import { compileFields } from './compiled-fields.js';
import type { FieldTypeName } from './field-definition.js';
import type { FieldValue, FieldValues } from './field-value.js';
import { stateOfPincode } from './identity/index.js';
import type { LineSchema, RoleName } from './line-schema.js';

/** What a lead shows of its values, whatever its fields are called. */
export interface ProjectedRoles {
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly amountPaise: number | null;
  /** The region field's value, or the Indian state of a PIN code. */
  readonly region: string | null;
}

/** The types a field may have to play a role. */
export const roleTypes: Readonly<Record<RoleName, readonly FieldTypeName[]>> = {
  name: ['text'],
  phone: ['phone'],
  email: ['email'],
  amount: ['money'],
  region: ['text', 'enum', 'pincode', 'address'],
};

export function projectRoles(schema: LineSchema, values: FieldValues): ProjectedRoles {
  const { roles } = schema;
  const played = (key: string | undefined): FieldValue | undefined => (key === undefined ? undefined : values[key]);
  return {
    name: textOrNull(played(roles.name)),
    phone: textOrNull(played(roles.phone)),
    email: textOrNull(played(roles.email)),
    amountPaise: amountOrNull(played(roles.amount)),
    region: regionOf(schema, values),
  };
}

/** The field the region is read from: that of the role, else the first PIN code field still in use. */
export function regionField(schema: LineSchema): string | undefined {
  return schema.roles.region ?? schema.fields.find((field) => field.type === 'pincode' && !field.retired)?.key;
}

function regionOf(schema: LineSchema, values: FieldValues): string | null {
  const key = regionField(schema);
  const value = key === undefined ? undefined : values[key];
  if (key === undefined || value === undefined) return null;
  if (typeof value === 'object' && 'line1' in value) {
    return value.state ?? (value.pincode === undefined ? null : (stateOfPincode(value.pincode) ?? null));
  }
  if (typeof value !== 'string') return null;
  return compileFields(schema).byKey.get(key)?.type.name === 'pincode' ? (stateOfPincode(value) ?? null) : value;
}

function textOrNull(value: FieldValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function amountOrNull(value: FieldValue | undefined): number | null {
  return typeof value === 'object' && 'amountPaise' in value ? value.amountPaise : null;
}
