import type { FieldType } from '../field-type.js';
import { defineType, type Rule } from './define-type.js';
import { maskAll } from './masks.js';
import {
  activeOptions,
  labelOf,
  lintOptions,
  namedOptions,
  nearOption,
  optionNamed,
  retiredProblem,
} from './options.js';

const optionRule: Rule<string> = {
  validations: [],
  check(value, field) {
    const problem = retiredProblem(value, field);
    return problem === undefined ? [] : [problem];
  },
  lint: lintOptions,
};

/** One of the field's options, kept by its value; read by value, label or synonym. */
export const enumeration: FieldType<string> = defineType<string>({
  name: 'enum',
  controls: ['select', 'radio'],
  pii: 'none',
  indexKind: 'text',
  rules: [optionRule],
  expected: (field) => `one of ${namedOptions(field)}`,
  read(typed, field) {
    const option = optionNamed(typed, field);
    return option === undefined
      ? { ok: false, rule: 'option', reason: `is not an option${nearOption(typed, field)}` }
      : { ok: true, value: option.value };
  },
  typeScript: (field) => (field.options ?? []).map((option) => `'${option.value}'`).join(' | ') || 'never',
  print: labelOf,
  jsonSchema: (field) => ({
    type: 'string',
    oneOf: activeOptions(field).map((option) => ({ const: option.value, title: option.label })),
  }),
  mask: maskAll,
  normalise: (value) => value,
});
