import { fieldTypeOf, piiClassOf } from '../compiled-fields.js';
import { didYouMean } from '../did-you-mean.js';
import type { AnyFieldTypeName, FieldDefinition, FieldTypeName } from '../field-definition.js';
import { type LineSchema, maxIndexedFields, roleNames } from '../line-schema.js';
import { isOwnTypeName } from '../own-types/index.js';
import { roleTypes } from '../roles.js';
import { sameValue } from '../same-value.js';
import type { Found } from './field-rules.js';
import type { LintRequest } from './lint-request.js';

type LineRule = (request: LintRequest) => readonly Found[];

/** Types whose equal values have one spelling that tells them apart from all others. */
const uniqueTypes: ReadonlySet<FieldTypeName> = new Set([
  'text',
  'integer',
  'decimal',
  'money',
  'date',
  'date-time',
  'enum',
  'phone',
  'email',
  'url',
  'pan',
  'gstin',
  'ifsc',
  'pincode',
]);

/** Types of which a lead has one short value, by which lists can be filtered. */
const indexTypes: ReadonlySet<FieldTypeName> = new Set([...uniqueTypes, 'percent', 'boolean']);

/** Of an address or a PIN code the region is the state alone. */
const shownAsItIs: Readonly<Record<'amount' | 'region', readonly AnyFieldTypeName[]>> = {
  amount: ['money'],
  region: ['text', 'enum'],
};

/** Each rule by the name that its problems carry. */
export const lineRules: Readonly<Record<string, LineRule>> = {
  'bad-role': ({ schema }) =>
    roleNames.flatMap((role) => {
      const key = schema.roles[role];
      return key === undefined
        ? []
        : unfit(schema, key, { path: `roles.${role}`, types: roleTypes[role], use: `play the role ${role}` });
    }),

  /** Lists, boards and reports keep these two as they are, so a sealed field would lie open there. */
  'personal-role': ({ schema }) =>
    (['amount', 'region'] as const).flatMap((role) => {
      const field = schema.fields.find((one) => one.key === schema.roles[role]);
      if (field === undefined || !shownAsItIs[role].includes(field.type)) return [];
      const pii = piiClassOf(schema, field);
      if (pii === 'none') return [];
      const message = `"${field.key}" is sealed as ${pii}, but lists keep the ${role} in the clear; it cannot play this role`;
      return [{ path: `roles.${role}`, message }];
    }),

  'bad-unique': ({ schema }) =>
    schema.unique.flatMap((rule, index) => [
      ...rule.fields.flatMap((key, place) =>
        unfit(schema, key, {
          path: `unique[${index}].fields[${place}]`,
          types: uniqueTypes,
          use: 'be unique',
          ownToo: true,
        }),
      ),
      ...repeats(rule.fields, `unique[${index}].fields`),
    ]),

  'duplicate-unique': ({ schema }) =>
    schema.unique.flatMap((rule, index) =>
      schema.unique.findIndex((other) => other.name === rule.name) < index
        ? [{ path: `unique[${index}].name`, message: `another rule has the name "${rule.name}"` }]
        : [],
    ),

  /** Leads made before would not hold the new rule's keys, so it would let duplicates through. */
  'changed-unique': ({ schema, previous, hasLeads }) => {
    if (previous === null || !hasLeads) return [];
    const existed = new Set(previous.fields.map((field) => field.key));
    return schema.unique.flatMap((rule, index) => {
      const before = previous.unique.find((other) => other.name === rule.name);
      if (before !== undefined && sameValue(before, rule)) return [];
      if (before === undefined && rule.fields.some((key) => !existed.has(key))) return [];
      return [
        {
          path: `unique[${index}]`,
          message: `the line has leads, whose values would have to be entered under "${rule.name}" first; such migrations come later`,
        },
      ];
    });
  },

  'bad-index': ({ schema }) => [
    ...schema.index.flatMap((key, index) =>
      unfit(schema, key, { path: `index[${index}]`, types: indexTypes, use: 'be indexed', ownToo: true }),
    ),
    ...repeats(schema.index, 'index'),
  ],

  'too-many-indexed': ({ schema }) =>
    schema.index.length > maxIndexedFields
      ? [{ path: 'index', message: `${schema.index.length} fields; at most ${maxIndexedFields} can be indexed` }]
      : [],

  'bad-searchable': ({ schema }) => [
    ...schema.searchable.flatMap((key, index) => {
      const path = `searchable[${index}]`;
      const wrong = unfit(schema, key, { path, types: ['long-text'], use: 'be searchable' });
      const pii = schema.fields.find((field) => field.key === key)?.pii ?? 'none';
      return pii === 'none' || wrong.length > 0 ? wrong : [{ path, message: `"${key}" is sealed as ${pii}` }];
    }),
    ...repeats(schema.searchable, 'searchable'),
  ],

  'removed-field': ({ schema, previous }) =>
    (previous?.fields ?? [])
      .filter((field) => !schema.fields.some((kept) => kept.key === field.key))
      .map((field) => ({
        path: 'fields',
        message: `the field "${field.key}" cannot be removed, since leads may hold values of it; keep it with "retired: true"`,
      })),

  'ambiguous-heading': ({ schema }) => {
    const owners = new Map<string, string>();
    return schema.fields.flatMap((field, index) => {
      if (field.retired) return [];
      const headings = new Map([
        [folded(field.key), 'key'],
        [folded(field.label), 'label'],
        ...(field.synonyms ?? []).map((synonym, place) => [folded(synonym), `synonyms[${place}]`] as const),
      ]);
      return [...headings].flatMap(([heading, place]) => {
        const owner = owners.get(heading) ?? field.key;
        owners.set(heading, owner);
        if (owner === field.key) return [];
        return [
          { path: `fields[${index}].${place}`, message: `a column of this name could also be the field "${owner}"` },
        ];
      });
    });
  },
};

/** What is worth saying, though it does not stop a publish. */
export const lineWarnings: Readonly<Record<string, LineRule>> = {
  'late-index': ({ schema, previous, hasLeads }) => {
    if (previous === null || !hasLeads) return [];
    return schema.index.flatMap((key, index) => {
      const isNew = !previous.index.includes(key) && previous.fields.some((field) => field.key === key);
      return isNew
        ? [{ path: `index[${index}]`, message: `leads are found by "${key}" only once they are saved again` }]
        : [];
    });
  },
};

interface Fitness {
  readonly path: string;
  readonly types: Iterable<FieldTypeName>;
  readonly use: string;
  /** A type of a plugin may do what the type may that it builds on. */
  readonly ownToo?: true;
}

function unfit(schema: LineSchema, key: string, { path, types, use, ownToo }: Fitness): readonly Found[] {
  const field: FieldDefinition | undefined = schema.fields.find((one) => one.key === key);
  if (field === undefined) {
    const keys = schema.fields.map((one) => one.key);
    return [{ path, message: `there is no field "${key}"${didYouMean(key, keys)}` }];
  }
  if (field.retired) return [{ path, message: `"${key}" is retired` }];
  const fitting = [...types];
  if (fitting.some((type) => type === (ownToo && isOwnTypeName(field.type) ? fieldTypeOf(field).base : field.type)))
    return [];
  return [{ path, message: `a ${field.type} field such as "${key}" cannot ${use}; ${fitting.join(', ')} can` }];
}

function repeats(keys: readonly string[], path: string): readonly Found[] {
  return keys.flatMap((key, index) =>
    keys.indexOf(key) < index ? [{ path: `${path}[${index}]`, message: `"${key}" is named twice` }] : [],
  );
}

/** Headings that differ only in case, spaces and marks are the same to an import. */
function folded(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}%]/gu, '');
}
