import type { FieldDefinition, FieldSchema } from './field-definition.js';
import { isOwnTypeName, type KeptFieldTypes } from './own-types/index.js';

/** The parts that a field can play for its product line; `name`, `phone`, `email` of a lead are read from them. */
export const roleNames = ['name', 'phone', 'email', 'amount', 'region'] as const;
export type RoleName = (typeof roleNames)[number];

/** The key of the field that plays each role. Without `region` it is the state of the first PIN code field. */
export type LineRoles = { readonly [Role in RoleName]?: string };

/** What at most one lead may hold. A lead that lacks one of the fields is outside the rule. */
export interface UniqueRule {
  /** Immutable; unique in the line. Rules of scope `store` meet across lines by this name. */
  readonly name: string;
  readonly scope: 'line' | 'store';
  /** Together they are the value; in this order. */
  readonly fields: readonly string[];
  /** `open`: given back when the lead is won, lost, converted or deleted; `always`: only when deleted. */
  readonly while: 'open' | 'always';
}

/** Fields with what decides how their values are protected: a product line's, or those of a task template. */
export interface FieldSet {
  readonly fields: readonly FieldDefinition[];
  readonly roles: LineRoles;
  /** Keys of long texts that are stored in the clear so that they can be searched. */
  readonly searchable: readonly string[];
}

/** A published, immutable version of a product line's fields and of what hangs on them. */
export interface LineSchema extends FieldSchema, FieldSet {
  readonly unique: readonly UniqueRule[];
  /** Keys of the fields by which lists filter and sort; at most {@link maxIndexedFields}. */
  readonly index: readonly string[];
  /** What the types of plugins among the fields were at the publish; absent where there are none. */
  readonly ownTypes?: KeptFieldTypes;
}

/** Whether any field, also one that is retired, is of a type of a plugin. */
export function hasOwnTypes({ fields }: FieldSet): boolean {
  return fields.some(({ type }) => isOwnTypeName(type));
}

export const maxFields = 500;
export const maxIndexedFields = 12;

const setsOfFields = new WeakMap<readonly FieldDefinition[], FieldSet>();

/** The fields of a task template as a {@link FieldSet}; the same array gives the same set. */
export function taskSchema(fields: readonly FieldDefinition[]): FieldSet {
  const known = setsOfFields.get(fields);
  if (known !== undefined) return known;
  const made: FieldSet = { fields, roles: {}, searchable: [] };
  setsOfFields.set(fields, made);
  return made;
}
