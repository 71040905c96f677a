import type { Problem } from '../../../foundation/kernel/index.js';
import type { FieldDefinition } from '../field-definition.js';
import type { FieldContext } from '../field-type.js';
import { dateOrderProblems } from './date-order-rule.js';
import { type FieldListLint, type Found, fieldRules } from './field-rules.js';
import { lineRules, lineWarnings } from './line-rules.js';
import type { LintRequest } from './lint-request.js';

export type { LintRequest } from './lint-request.js';

/** What lint says of a definition: problems stop a publish, warnings do not. */
export interface LintReport {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Checks the fields side of a product line. */
export function lintLine(request: LintRequest): LintReport {
  const problems = [
    ...lintFields(request.schema.fields, {
      at: 'fields',
      previous: request.previous?.fields ?? [],
      context: request.context,
    }),
    ...ruled(lineRules, request),
  ];
  return { problems, warnings: problems.length > 0 ? [] : ruled(lineWarnings, request) };
}

/**
 * Checks a list of fields by itself. `at` is where the list stands in the definition file; `previous` the list as it is
 * published now.
 */
export function lintFields(
  fields: readonly FieldDefinition[],
  options: { readonly at: string; readonly previous: readonly FieldDefinition[]; readonly context: FieldContext },
): readonly Problem[] {
  const list: FieldListLint = { fields, previous: options.previous, context: options.context };
  const ofFields = fields.flatMap((field, index) =>
    Object.entries(fieldRules).flatMap(([rule, check]) =>
      check(field, list, index).map((found) =>
        problem(rule, { ...found, path: joined(`${options.at}[${index}]`, found.path) }),
      ),
    ),
  );
  const ofOrder = dateOrderProblems(list).map((found) =>
    problem('date-order', { ...found, path: `${options.at}${found.path}` }),
  );
  return [...ofFields, ...ofOrder];
}

function ruled(
  rules: Readonly<Record<string, (request: LintRequest) => readonly Found[]>>,
  request: LintRequest,
): readonly Problem[] {
  return Object.entries(rules).flatMap(([rule, check]) => check(request).map((found) => problem(rule, found)));
}

function problem(rule: string, found: Found): Problem {
  return { path: found.path, rule: found.rule ?? rule, message: found.message };
}

function joined(base: string, rest: string): string {
  return rest === '' ? base : `${base}.${rest}`;
}
