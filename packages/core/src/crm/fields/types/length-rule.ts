import type { FieldDefinition } from '../field-definition.js';
import type { FieldProblem } from '../field-type.js';
import type { Rule } from './define-type.js';

/** `minLength` and `maxLength` in characters (Unicode code points, as in JSON Schema); `most` when the field says none. */
export function lengthRule(most: number): Rule<string> {
  return {
    validations: ['minLength', 'maxLength'],
    check(value, field) {
      const { minLength, maxLength } = lengthsOf(field, most);
      const length = characterCount(value);
      if (length < minLength) return [lengthProblem('minLength', length, `at least ${minLength} characters`)];
      if (length > maxLength) return [lengthProblem('maxLength', length, `at most ${maxLength} characters`)];
      return [];
    },
    lint(field) {
      const { minLength, maxLength } = lengthsOf(field, Number.MAX_SAFE_INTEGER);
      const problems: FieldProblem[] = [];
      if (field.validation?.maxLength !== undefined && maxLength > most) {
        problems.push({
          rule: 'maxLength',
          message: `maxLength ${maxLength} is more than a ${field.type} field holds`,
          expected: `at most ${most}`,
        });
      }
      if (minLength > Math.min(maxLength, most)) {
        problems.push({
          rule: 'minLength',
          message: `minLength ${minLength} is more than maxLength`,
          expected: `at most ${Math.min(maxLength, most)}`,
        });
      }
      return problems;
    },
  };
}

/** The bounds as JSON Schema says them. */
export function lengthSchema(field: FieldDefinition, most: number): { minLength: number; maxLength: number } {
  const { minLength, maxLength } = lengthsOf(field, most);
  return { minLength: Math.max(1, minLength), maxLength };
}

function lengthsOf(field: FieldDefinition, most: number): { readonly minLength: number; readonly maxLength: number } {
  const { minLength = 0, maxLength = most } = field.validation ?? {};
  return { minLength, maxLength };
}

/** Unicode code points, as JSON Schema counts. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function lengthProblem(rule: string, length: number, expected: string): FieldProblem {
  return { rule, message: `the text has ${length} ${length === 1 ? 'character' : 'characters'}`, expected };
}
