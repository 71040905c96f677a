import { type FieldDefinition, type FieldValue, ownText } from '@lms/core/fields';
import type { Format } from '../output/format.js';

/** A value as a person reads it: labels for options, grouped amounts, times in the business time zone, what a plugin prints. */
export function fieldText(field: FieldDefinition | undefined, value: FieldValue, format: Format): string {
  const printed = field === undefined ? null : ownText(field, value);
  if (printed !== null) return printed;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return textOf(field, value, format);
  if ('amountPaise' in value) return format.amount(value.amountPaise);
  if ('last4' in value) return `XXXX XXXX ${value.last4}`;
  if ('line1' in value) {
    return [value.line1, value.line2, value.city, value.state, value.pincode].filter((part) => part).join(', ');
  }
  return value.map((each) => optionLabel(field, each)).join(', ');
}

function textOf(field: FieldDefinition | undefined, value: string, format: Format): string {
  if (field?.type === 'enum') return optionLabel(field, value);
  if (field?.type === 'percent') return `${value} %`;
  return field?.type === 'date-time' ? format.time(value) : value;
}

function optionLabel(field: FieldDefinition | undefined, value: string): string {
  return field?.options?.find((option) => option.value === value)?.label ?? value;
}
