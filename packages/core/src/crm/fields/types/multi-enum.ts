import { cleanLines, quoted } from '../../../foundation/kernel/index.js';
import type { FieldDefinition } from '../field-definition.js';
import type { FieldType } from '../field-type.js';
import { defineType, type Reading, type Rule } from './define-type.js';
import { maskAll } from './masks.js';
import {
  activeOptions,
  inOptionOrder,
  labelOf,
  lintOptions,
  namedOptions,
  nearOption,
  optionNamed,
  retiredProblem,
} from './options.js';

type Values = readonly string[];

const separator = /\s*[,;|\n]\s*/;

const optionsRule: Rule<Values> = {
  validations: [],
  check: (values, field) => values.flatMap((value) => retiredProblem(value, field) ?? []),
  lint: lintOptions,
};

/** A text that is one option as it stands is that option, commas and all; any other is parted at them. */
function read(typed: string, field: FieldDefinition): Reading<Values> {
  const texts = optionNamed(typed, field) === undefined ? typed.split(separator) : [typed];
  return valuesOf(texts, field);
}

function readExact(input: object, field: FieldDefinition): Reading<Values> | 'empty' | undefined {
  if (!Array.isArray(input)) return undefined;
  const texts = input.filter((item: unknown): item is string => typeof item === 'string');
  if (texts.length !== input.length) return { ok: false, reason: 'is a list that holds something other than text' };
  if (texts.length > mostTexts) return { ok: false, reason: 'is far too long a list' };
  return texts.every((text) => text.trim() === '') ? 'empty' : valuesOf(texts, field);
}

const mostTexts = 10_000;

function valuesOf(texts: readonly string[], field: FieldDefinition): Reading<Values> {
  const values: string[] = [];
  for (const text of texts) {
    if (text.trim() === '') continue;
    const option = optionNamed(text, field);
    if (option === undefined) {
      const which = (field.pii ?? 'none') === 'none' ? ` (${quoted(text)}${nearOption(text, field)})` : '';
      return { ok: false, rule: 'option', reason: `names something that is not an option${which}` };
    }
    values.push(option.value);
  }
  return values.length === 0
    ? { ok: false, rule: 'option', reason: 'names no option' }
    : { ok: true, value: inOptionOrder(values, field) };
}

function print(values: Values, field: FieldDefinition): string {
  const labels = values.map((value) => {
    const label = labelOf(value, field);
    return separator.test(label) ? value : label;
  });
  return labels.join(', ');
}

/** Any number of the field's options, at least one, kept by their values in the order of the options. */
export const multiEnum: FieldType<Values> = defineType<Values>({
  name: 'multi-enum',
  controls: ['multi-select', 'checkboxes'],
  pii: 'none',
  indexKind: 'text',
  rules: [optionsRule],
  clean: cleanLines,
  expected: (field) => `any of ${namedOptions(field).replace(/ or (?=[^,]*$)/, ' and ')}, parted by commas`,
  read,
  readExact,
  typeScript: (field) => {
    const values = (field.options ?? []).map((option) => `'${option.value}'`).join(' | ') || 'never';
    return `readonly (${values})[]`;
  },
  print,
  jsonSchema: (field) => ({
    type: 'array',
    items: {
      type: 'string',
      oneOf: activeOptions(field).map((option) => ({ const: option.value, title: option.label })),
    },
    minItems: 1,
    uniqueItems: true,
  }),
  mask: maskAll,
  normalise: (values) => values.join(','),
});
