import type { FieldDefinition } from '../field-definition.js';
import type { FieldContext } from '../field-type.js';
import type { FieldValue } from '../field-value.js';
import { boundType } from './bound-types.js';

/** What is printed is decided by the value alone. */
const anyContext: FieldContext = { currency: 'INR', dateOrder: 'dmy', today: '2026-01-01', timeZone: 'Asia/Kolkata' };

/** A value as the plugin of the field's type prints it for people; null for a field of a built-in type. */
export function ownText(field: FieldDefinition, value: FieldValue): string | null {
  return boundType(field)?.print(value, field, anyContext) ?? null;
}
