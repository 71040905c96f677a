import type { AnyFieldTypeName, FieldDefinition, OwnFieldTypeName } from '../field-definition.js';
import type { FieldType } from '../field-type.js';

/**
 * What each field of a plugin's type is of. It hangs on the definition, which every store opens for itself: two stores of a process may
 * have different plugins under one name.
 */
const bound = new WeakMap<FieldDefinition, FieldType>();

export function isOwnTypeName(name: AnyFieldTypeName): name is OwnFieldTypeName {
  return name.includes('.');
}

export function bindType(field: FieldDefinition, type: FieldType): void {
  bound.set(field, type);
}

/** Undefined for a field of a type that is built in, and for one that no store has opened. */
export function boundType(field: FieldDefinition): FieldType | undefined {
  return bound.get(field);
}

/** The copy is of the same type. */
export function boundLike<Copy extends FieldDefinition>(field: FieldDefinition, copy: Copy): Copy {
  const type = bound.get(field);
  if (type !== undefined) bound.set(copy, type);
  return copy;
}
