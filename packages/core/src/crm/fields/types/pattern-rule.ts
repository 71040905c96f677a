import { RE2JS } from 're2js';
import type { FieldDefinition, PiiClass } from '../field-definition.js';
import type { FieldProblem } from '../field-type.js';
import type { Rule } from './define-type.js';
import { perDefinition } from './per-field.js';
import { shown } from './problems.js';

type Compiled =
  | { readonly ok: true; readonly matches: (text: string) => boolean }
  | { readonly ok: false; readonly reason: string };

const longestPattern = 500;
/** Matching costs text length times program size; this keeps the slowest pattern on 1,000 characters near 20 ms. */
const largestProgram = 500;

/** `pattern` on an engine whose time is linear in the text, so that no pattern of an admin can hang the process. */
export function patternRule(typeClass: PiiClass): Rule<string> {
  return {
    validations: ['pattern'],
    check(value, field) {
      const pattern = field.validation?.pattern;
      if (pattern === undefined) return [];
      const compiled = compiledPattern(field);
      if (compiled.ok && compiled.matches(value)) return [];
      return [
        {
          rule: 'pattern',
          message: `${shown(value, field, typeClass)} does not have the form the field asks for`,
          expected: field.help ?? `a text that matches ${pattern}`,
        },
      ];
    },
    lint(field) {
      const compiled = compiledPattern(field);
      return compiled.ok ? [] : [patternProblem(compiled.reason)];
    },
  };
}

/**
 * The pattern for JSON Schema, anchored. Left out where the two dialects differ (`(?i)`, `\pN`, `\A`): what JSON Schema
 * cannot say it does not check.
 */
export function patternSchema(field: FieldDefinition): { readonly pattern?: string } {
  const pattern = field.validation?.pattern;
  if (pattern === undefined) return {};
  const anchored = `^(?:${pattern})$`;
  try {
    new RegExp(anchored, 'u');
    return { pattern: anchored };
  } catch {
    return {};
  }
}

const compiledPattern: (field: FieldDefinition) => Compiled = perDefinition((field) =>
  compile(field.validation?.pattern),
);

function compile(pattern: string | undefined): Compiled {
  if (pattern === undefined) return { ok: true, matches: () => true };
  if (pattern.length > longestPattern) return { ok: false, reason: `is longer than ${longestPattern} characters` };
  try {
    const program = RE2JS.compile(pattern);
    return program.programSize() > largestProgram
      ? { ok: false, reason: 'repeats so much that matching it would be slow' }
      : { ok: true, matches: (text) => program.testExact(text) };
  } catch (error) {
    return { ok: false, reason: `cannot be used: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function patternProblem(reason: string): FieldProblem {
  return {
    rule: 'pattern',
    message: `the pattern ${reason}`,
    expected: 'a regular expression in RE2 syntax, without look-around and back-references, such as [A-Z]{2}[0-9]{4}',
  };
}
