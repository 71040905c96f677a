import type { Problem } from '../../foundation/kernel/index.js';
import { type CompiledField, compileFields } from './compiled-fields.js';
import type { FieldContext } from './field-type.js';
import type { FieldValue, FieldValues } from './field-value.js';
import type { LineSchema } from './line-schema.js';
import { problemText } from './problem-text.js';

/** A value as `lead_index` holds it. The text of kind `hash` is personal and must be hashed before it is stored. */
export type IndexValue =
  | { readonly field: string; readonly kind: 'number'; readonly number: number }
  | { readonly field: string; readonly kind: 'text'; readonly text: string }
  | { readonly field: string; readonly kind: 'hash'; readonly text: string };

/** Longer texts are cut, in the index and in what is looked for. */
const longestText = 190;

/** The fields that are indexed: those the line chose, and always the phone and email roles, for exact look-ups. */
export function indexedFields(schema: LineSchema): readonly string[] {
  const { phone, email } = schema.roles;
  return [...new Set([...schema.index, phone, email].filter((key) => key !== undefined))];
}

export function indexValues(schema: LineSchema, values: FieldValues): readonly IndexValue[] {
  const { byKey } = compileFields(schema);
  return indexedFields(schema).flatMap((key) => {
    const compiled = byKey.get(key);
    const value = values[key];
    if (compiled === undefined || value === undefined) return [];
    return [indexValueOf(compiled, value), ...lastFourOf(compiled, value)];
  });
}

/** Digits of a phone by which people name it to each other. */
const lastDigits = 4;

/** The name under which `lead_index` holds the last four digits of a phone; no field key has a colon. */
export function lastFourIndex(field: string): string {
  return `${field}:last4`;
}

function lastFourOf({ field, type, sealed }: CompiledField, value: FieldValue): readonly IndexValue[] {
  if (!sealed || type.name !== 'phone' || typeof value !== 'string') return [];
  return [{ field: lastFourIndex(field.key), kind: 'hash', text: value.slice(-lastDigits) }];
}

/** The same for what a person types into a filter on one field, or why it cannot be a value of that field. */
export function valueForIndex(
  schema: LineSchema,
  key: string,
  input: unknown,
  context: FieldContext,
): IndexValue | { readonly problem: Omit<Problem, 'path'> } {
  const compiled = compileFields(schema).byKey.get(key);
  if (compiled === undefined)
    return { problem: { rule: 'unknown-field', message: `there is no field "${key.slice(0, 64)}"` } };
  const read = compiled.type.parse(input, compiled.field, context);
  if (read.ok && 'value' in read) return indexValueOf(compiled, read.value);
  if (read.ok) return { problem: { rule: 'required', message: `${compiled.field.label}: the value is empty` } };
  return { problem: { rule: read.problem.rule, message: problemText(read.problem) } };
}

function indexValueOf(compiled: CompiledField, value: FieldValue): IndexValue {
  const { field, type, sealed } = compiled;
  if (sealed || type.indexKind === 'hash') return { field: field.key, kind: 'hash', text: type.normalise(value) };
  const number = type.indexKind === 'number' ? type.toNumber?.(value) : undefined;
  if (number !== undefined) return { field: field.key, kind: 'number', number };
  return { field: field.key, kind: 'text', text: cut(type.normalise(value)) };
}

function cut(text: string): string {
  if (text.length <= longestText) return text;
  const end = longestText - (/[\ud800-\udbff]/.test(text.charAt(longestText - 1)) ? 1 : 0);
  return text.slice(0, end);
}
