import type { FieldFilter } from '@lms/core';
import { LmsError } from '@lms/core/kernel';

export type WhereOperator = 'eq' | 'in' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte';

export interface Where {
  readonly field: string;
  readonly operator: WhereOperator;
  readonly values: readonly string[];
}

const operators: ReadonlyMap<string, WhereOperator> = new Map([
  ['=', 'eq'],
  ['!=', 'ne'],
  ['<', 'lt'],
  ['<=', 'lte'],
  ['>', 'gt'],
  ['>=', 'gte'],
]);

/**
 * `city=Pune`, `loanAmount>=500000`, `city=Pune|Nashik` (any of them), `city!=Pune|Nashik` (none of them); the value is what a person
 * types into the field.
 * @throws LmsError `USAGE_INVALID`
 */
export function parseWhere(text: string, flag = '--where'): Where {
  const parts = /^([^<>=!]+)(<=|>=|!=|=|<|>)(?![<>=])(.*)$/s.exec(text);
  const field = parts?.[1]?.trim() ?? '';
  const operator = operators.get(parts?.[2] ?? '');
  const value = parts?.[3]?.trim() ?? '';
  if (operator === undefined || field === '' || value === '') {
    throw new LmsError('USAGE_INVALID', {
      message: `Write ${flag} name=value (or !=, <, <=, >, >=; several values as a|b), not "${text}"`,
      path: flag,
    });
  }
  const isList = operator === 'eq' || operator === 'ne';
  const values = isList ? value.split('|').map((each) => each.trim()) : [value];
  return { field, operator: operator === 'eq' && values.length > 1 ? 'in' : operator, values };
}

/** A condition on an indexed field, as the SDK takes it. */
export function whereOf({ field, operator, values }: Where): FieldFilter {
  return { field, operator, value: values.length > 1 ? values : (values[0] ?? '') };
}
