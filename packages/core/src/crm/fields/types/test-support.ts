import { expect } from 'vitest';
import type { FieldDefinition } from '../field-definition.js';
import type { FieldContext, FieldProblem, FieldType, ParseResult } from '../field-type.js';
import type { FieldValue } from '../field-value.js';
import { type AvailableFieldTypeName, fieldTypes } from './index.js';

/** A store in India on 10 February 2026. */
export const context: FieldContext = {
  currency: 'INR',
  dateOrder: 'dmy',
  today: '2026-02-10',
  timeZone: 'Asia/Kolkata',
};

export const employment: Pick<FieldDefinition, 'options'> = {
  options: [
    { value: 'salaried', label: 'Salaried', synonyms: ['Sal', 'Service', 'नौकरी'] },
    { value: 'self-employed', label: 'Self-employed', synonyms: ['Business, shop or practice'] },
    { value: 'retired', label: 'Retired', synonyms: ['Pensioner'] },
    { value: 'daily-wages', label: 'Daily wages', retired: true },
  ],
};

/** A field of the type, with what the test cares about. */
export function field(type: AvailableFieldTypeName, parts: Partial<FieldDefinition> = {}): FieldDefinition {
  return { key: 'subject', label: 'Subject', type, ...parts };
}

export function typeOf(definition: FieldDefinition): FieldType {
  const found = Object.entries(fieldTypes).find(([name]) => name === definition.type);
  if (found === undefined) throw new Error(`no type ${definition.type}`);
  return found[1];
}

export function parse(definition: FieldDefinition, input: unknown, where: FieldContext = context): ParseResult {
  return typeOf(definition).parse(input, definition, where);
}

/** The value that the input is read to; fails the test when it is refused or empty. */
export function readValue(definition: FieldDefinition, input: unknown, where: FieldContext = context): FieldValue {
  const result = parse(definition, input, where);
  if (result.ok && 'value' in result) return result.value;
  throw new Error(`${JSON.stringify(input)}: ${JSON.stringify(result)}`);
}

/** Why the input is refused, by reading or by a rule; fails the test when it is taken. */
export function refusalOf(definition: FieldDefinition, input: unknown, where: FieldContext = context): FieldProblem {
  const result = parse(definition, input, where);
  if (!result.ok) return result.problem;
  const [problem] = 'value' in result ? typeOf(definition).validate(result.value, definition, where) : [];
  if (problem === undefined) throw new Error(`${JSON.stringify(input)} was taken: ${JSON.stringify(result)}`);
  return problem;
}

export function lintOf(definition: FieldDefinition): readonly FieldProblem[] {
  return typeOf(definition).lint(definition, context);
}

/** Expects the input to be read to the value and to satisfy the field. */
export function expectTaken(definition: FieldDefinition, input: unknown, value: FieldValue): void {
  expect(readValue(definition, input)).toEqual(value);
  expect(typeOf(definition).validate(value, definition, context)).toEqual([]);
}
