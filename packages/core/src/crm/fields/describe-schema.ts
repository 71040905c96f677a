import { compileFields } from './compiled-fields.js';
import type { AnyFieldTypeName, FieldDefinition, InputControl, PiiClass } from './field-definition.js';
import type { FieldContext, JsonSchema } from './field-type.js';
import { indexedFields } from './index-values.js';
import type { LineRoles, LineSchema, UniqueRule } from './line-schema.js';

/** One field as a form shows it. */
export interface LayoutField {
  readonly key: string;
  readonly label: string;
  readonly help: string | null;
  readonly type: AnyFieldTypeName;
  readonly control: InputControl;
  readonly required: boolean;
  readonly default: FieldDefinition['default'] | null;
  /** Options that can be chosen; empty for types without options. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly pii: PiiClass;
  readonly indexed: boolean;
}

export interface LayoutSection {
  /** Empty for fields without a section. */
  readonly heading: string;
  readonly fields: readonly LayoutField[];
}

/** Everything a user interface needs to show and check the fields of a line. */
export interface SchemaDescription {
  readonly productLine: string;
  readonly version: number;
  /** JSON Schema 2020-12 of a lead's values; retired fields are in it, marked deprecated. */
  readonly jsonSchema: JsonSchema;
  /** Fields in use, by section, in order. */
  readonly layout: readonly LayoutSection[];
  readonly roles: LineRoles;
  readonly unique: readonly UniqueRule[];
}

export function describeSchema(schema: LineSchema, context: FieldContext): SchemaDescription {
  return {
    productLine: schema.productLine,
    version: schema.version,
    jsonSchema: jsonSchemaOf(schema, context),
    layout: layoutOf(schema),
    roles: schema.roles,
    unique: schema.unique,
  };
}

/** JSON Schema 2020-12 of the values a lead of this version holds. */
export function jsonSchemaOf(schema: LineSchema, context: FieldContext): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const { field, type } of compileFields(schema).byKey.values()) {
    properties[field.key] = {
      title: field.label,
      ...(field.help === undefined ? {} : { description: field.help }),
      ...type.jsonSchema(field, context),
      ...(field.retired ? { deprecated: true } : {}),
    };
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `${schema.productLine}, version ${schema.version}`,
    type: 'object',
    properties,
    required: schema.fields.filter((field) => field.required && !field.retired).map((field) => field.key),
    additionalProperties: false,
  };
}

function layoutOf(schema: LineSchema): readonly LayoutSection[] {
  const indexed = new Set(indexedFields(schema));
  const sections = new Map<string, { readonly order: number; readonly field: LayoutField }[]>();
  for (const { field, type } of compileFields(schema).byKey.values()) {
    if (field.retired) continue;
    const heading = field.section ?? '';
    const section = sections.get(heading) ?? [];
    sections.set(heading, section);
    section.push({
      order: field.order ?? section.length + 1,
      field: {
        key: field.key,
        label: field.label,
        help: field.help ?? null,
        type: field.type,
        control: field.control ?? type.controls[0],
        required: field.required ?? false,
        default: field.default ?? null,
        options: (field.options ?? [])
          .filter((option) => !option.retired)
          .map(({ value, label }) => ({ value, label })),
        pii: field.pii ?? type.pii,
        indexed: indexed.has(field.key),
      },
    });
  }
  return [...sections].map(([heading, fields]) => ({
    heading,
    fields: fields.sort((a, b) => a.order - b.order).map(({ field }) => field),
  }));
}
