import type { DateOrder } from '../../../foundation/kernel/index.js';
import type { FieldDefinition } from '../field-definition.js';
import type { FieldContext } from '../field-type.js';

/** In which order the dates typed for a field are read: its own where one is said, else that of all. */
export function dateOrderOf(field: FieldDefinition, context: FieldContext): DateOrder {
  const { dateOrderOf: own } = context;
  return own !== undefined && Object.hasOwn(own, field.key) ? (own[field.key] ?? context.dateOrder) : context.dateOrder;
}
