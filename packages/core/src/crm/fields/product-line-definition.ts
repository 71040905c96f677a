import { z } from 'zod';
import { type Json, LmsError } from '../../foundation/kernel/index.js';
import { anyJson, readShape, type ShapeResult } from './definition-shape.js';
import type { FieldDefinition } from './field-definition.js';
import { fieldKeyShape, fieldShape, words } from './field-shape.js';
import { type LineRoles, type LineSchema, maxFields, type roleNames, type UniqueRule } from './line-schema.js';
import type { OwnFieldTypes } from './own-types/index.js';

/** A unique rule as a definition file gives it; its name is its field keys joined by `+` when absent. */
export interface UniqueRuleDefinition extends Omit<UniqueRule, 'name'> {
  readonly name?: string;
}

/** One definition file: everything that an admin says of a product line. */
export interface ProductLineDefinition {
  /** Immutable; `[a-z0-9-]`. */
  readonly slug: string;
  readonly name: string;
  readonly roles?: LineRoles;
  /** When absent: the phone and the email role, each within the line and while the lead is open. */
  readonly unique?: readonly UniqueRuleDefinition[];
  readonly index?: readonly string[];
  readonly searchable?: readonly string[];
  readonly fields: readonly FieldDefinition[];
  /** Read by the pipeline. */
  readonly pipeline: Json;
}

const slugPattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Immutable names of lines, stages, task templates and unique rules. */
export const slugShape: z.ZodString = z
  .string({ error: 'expected text' })
  .max(64, { error: 'at most 64 characters' })
  .regex(slugPattern, {
    error: 'a slug has small letters and digits, in words joined by "-", such as "personal-loan"',
  });

const keys = z.array(fieldKeyShape, { error: 'expected a list of field keys' });

const rolesShape: z.ZodType<LineRoles> = z.strictObject({
  name: fieldKeyShape.exactOptional(),
  phone: fieldKeyShape.exactOptional(),
  email: fieldKeyShape.exactOptional(),
  amount: fieldKeyShape.exactOptional(),
  region: fieldKeyShape.exactOptional(),
} satisfies Record<(typeof roleNames)[number], z.ZodType>);

const uniqueShape: z.ZodType<UniqueRuleDefinition> = z.strictObject({
  name: z
    .string()
    .max(64)
    .regex(/^[A-Za-z][A-Za-z0-9+-]*$/, { error: 'letters, digits, "-" and "+" only' })
    .exactOptional(),
  scope: z.enum(['line', 'store'], { error: 'expected "line" or "store"' }),
  fields: keys.min(1, { error: 'name at least one field' }).max(8, { error: 'at most 8 fields' }).readonly(),
  while: z.enum(['open', 'always'], { error: 'expected "open" or "always"' }),
});

/** The strict shape of a definition file, the pipeline section left to its owner. */
export const definitionShape: z.ZodType<ProductLineDefinition> = z.strictObject({
  slug: slugShape,
  name: words(120),
  roles: rolesShape.exactOptional(),
  unique: z
    .array(uniqueShape, { error: 'expected a list' })
    .max(20, { error: 'at most 20 rules' })
    .readonly()
    .exactOptional(),
  index: keys.max(100).readonly().exactOptional(),
  searchable: keys.max(100).readonly().exactOptional(),
  fields: z
    .array(fieldShape, { error: 'expected a list of fields' })
    .min(1, { error: 'a product line has at least one field' })
    .max(maxFields, { error: `at most ${maxFields} fields` })
    .readonly(),
  pipeline: anyJson,
});

/** Reads a parsed definition file and gives every place where its shape is wrong. */
export function readDefinition(json: unknown): ShapeResult<ProductLineDefinition> {
  return readShape(definitionShape, withoutEditorHint(json));
}

/** A JSON file may name its JSON Schema under `$schema`, for editors. */
function withoutEditorHint(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('$schema' in json) || typeof json.$schema !== 'string')
    return json;
  const { $schema: _hint, ...definition } = json;
  return definition;
}

/** @throws LmsError `DEFINITION_INVALID` with every problem in `details.problems` */
export function parseDefinition(json: unknown): ProductLineDefinition {
  const result = readDefinition(json);
  if (result.ok) return result.value;
  throw LmsError.ofProblems('DEFINITION_INVALID', 'the product-line definition cannot be read', result.problems);
}

/** The fields side of a definition as a schema, with what the file leaves unsaid filled in. */
export function lineSchemaOf(definition: ProductLineDefinition, version: number): LineSchema {
  const roles = definition.roles ?? {};
  return {
    productLine: definition.slug,
    version,
    roles,
    unique: (definition.unique ?? defaultUniqueRules(roles)).map(namedRule),
    index: definition.index ?? [],
    searchable: definition.searchable ?? [],
    fields: definition.fields,
  };
}

/** The same as a store with these plugins publishes it over what stands now: each field of a plugin's type has it. */
export function newSchemaOf(
  definition: ProductLineDefinition,
  { types, previous }: { readonly types: OwnFieldTypes; readonly previous: LineSchema | null },
): LineSchema {
  const schema = lineSchemaOf(definition, 0);
  const ownTypes = types.keep(schema.fields, previous?.ownTypes);
  types.bind(schema.fields, ownTypes);
  return ownTypes === undefined ? schema : { ...schema, ownTypes };
}

function defaultUniqueRules(roles: LineRoles): readonly UniqueRuleDefinition[] {
  return [roles.phone, roles.email]
    .filter((key) => key !== undefined)
    .map((key) => ({ scope: 'line', fields: [key], while: 'open' }));
}

function namedRule(rule: UniqueRuleDefinition): UniqueRule {
  return { name: rule.name ?? rule.fields.join('+'), scope: rule.scope, fields: rule.fields, while: rule.while };
}
