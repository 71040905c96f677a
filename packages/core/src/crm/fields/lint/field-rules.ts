import { fieldTypeOf } from '../compiled-fields.js';
import type { AnyFieldTypeName, FieldDefinition } from '../field-definition.js';
import type { FieldContext, FieldType } from '../field-type.js';
import { isOwnTypeName } from '../own-types/index.js';
import { problemText } from '../problem-text.js';
import { isAvailableFieldType } from '../types/index.js';
import { whyReserved } from './reserved-words.js';

/** A list of fields to check: a product line's, or those of a task template. */
export interface FieldListLint {
  readonly fields: readonly FieldDefinition[];
  /** The same list as it is published now; empty for a new one. */
  readonly previous: readonly FieldDefinition[];
  readonly context: FieldContext;
}

/** Where in a field something is wrong (empty: the field itself), and what. */
export interface Found {
  readonly path: string;
  readonly message: string;
  /** When it differs from the name of the rule that looked. */
  readonly rule?: string;
}

type FieldRule = (field: FieldDefinition, list: FieldListLint, index: number) => readonly Found[];

/** The type, or undefined while its capability does not exist or its plugin is not here. */
function availableType(field: FieldDefinition): FieldType | undefined {
  if (!isOwnTypeName(field.type) && !isAvailableFieldType(field.type)) return undefined;
  const type = fieldTypeOf(field);
  return type.missing === undefined ? type : undefined;
}

function whyNotAvailable({ type }: FieldDefinition, missing: string | undefined): string {
  return missing === undefined
    ? `fields of type "${type}" are not available yet`
    : `fields of type "${type}" cannot be used: ${missing}`;
}

/** Types whose numbers the law lets nobody keep in the clear. */
const alwaysSealed: ReadonlySet<AnyFieldTypeName> = new Set(['pan', 'aadhaar']);

/** Each rule by the name that its problems carry. */
export const fieldRules: Readonly<Record<string, FieldRule>> = {
  'duplicate-key': (field, { fields }, index) =>
    fields.findIndex((other) => other.key === field.key) < index
      ? [{ path: 'key', message: `another field has the key "${field.key}"` }]
      : [],

  'reserved-word': (field) => {
    const reason = whyReserved(field.key);
    return reason === null ? [] : [{ path: 'key', message: `"${field.key}" ${reason}; choose another key` }];
  },

  'type-not-available': (field, { previous }) => {
    if (availableType(field) !== undefined) return [];
    // What can be read no more because a plugin is gone can at least be retired.
    if (field.retired && previous.some(({ key, type }) => key === field.key && type === field.type)) return [];
    const missing = isOwnTypeName(field.type) ? fieldTypeOf(field).missing : undefined;
    return [{ path: 'type', message: whyNotAvailable(field, missing) }];
  },

  'unfit-control': (field) => {
    const controls = availableType(field)?.controls;
    if (controls === undefined || field.control === undefined || controls.includes(field.control)) return [];
    return [{ path: 'control', message: `a ${field.type} field is shown as ${controls.join(' or ')}` }];
  },

  'unfit-validation': (field) => {
    const type = availableType(field);
    if (type === undefined) return [];
    return Object.keys(field.validation ?? {})
      .filter((rule) => !type.validations.includes(rule))
      .map((rule) => ({
        path: `validation.${rule}`,
        message: `means nothing for a ${field.type} field, which has ${type.validations.join(', ') || 'no rules'}`,
      }));
  },

  'type-definition': (field, { context }) => {
    const problems = availableType(field)?.lint(field, context) ?? [];
    return problems.map((problem) => ({
      path: placeOf(problem.rule, field),
      message: problemText(problem),
      rule: problem.rule,
    }));
  },

  'bad-default': (field, { context }) => {
    const type = availableType(field);
    if (type === undefined || field.default === undefined || type.lint(field, context).length > 0) return [];
    if (field.retired) return [{ path: 'default', message: 'a retired field is never filled in' }];
    const read = type.parse(field.default, field, context);
    if (!read.ok) return [{ path: 'default', message: problemText(read.problem) }];
    if ('empty' in read) return [{ path: 'default', message: 'is empty; leave it out' }];
    return type
      .validate(read.value, field, context)
      .map((problem) => ({ path: 'default', message: problemText(problem) }));
  },

  'unsealed-identifier': (field) =>
    field.pii === 'none' && alwaysSealed.has(field.type)
      ? [{ path: 'pii', message: `values of type "${field.type}" are always sealed` }]
      : [],

  'changed-type': (field, { previous }) => {
    const before = previous.find((other) => other.key === field.key);
    if (before === undefined || before.type === field.type) return [];
    return [
      {
        path: 'type',
        message: `"${field.key}" is published as ${before.type}; values cannot be converted yet, so add a new field and retire this one`,
      },
    ];
  },

  'removed-option': (field, { previous }) => {
    const before = previous.find((other) => other.key === field.key);
    if (before === undefined || before.type !== field.type) return [];
    const kept = new Set((field.options ?? []).map((option) => option.value));
    return (before.options ?? [])
      .filter((option) => !kept.has(option.value))
      .map((option) => ({
        path: 'options',
        message: `the option "${option.value}" cannot be removed, since leads may hold it; keep it with "retired: true"`,
      }));
  },
};

/** The part of the field that a rule of its type speaks of. */
function placeOf(rule: string, field: FieldDefinition): string {
  if (field.validation !== undefined && rule in field.validation) return `validation.${rule}`;
  return rule in field ? rule : '';
}
