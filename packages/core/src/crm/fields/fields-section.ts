import { z } from 'zod';
import { type Json, LmsError } from '../../foundation/kernel/index.js';
import { deepFreeze } from './deep-freeze.js';
import { readShape } from './definition-shape.js';
import type { FieldDefinition } from './field-definition.js';
import { fieldShape } from './field-shape.js';
import type { LineRoles, LineSchema, UniqueRule } from './line-schema.js';
import { type KeptFieldTypes, keptFieldTypesShape } from './own-types/index.js';

/** The fields side of a product line as a version of it is stored. */
interface FieldsSection {
  readonly roles: LineRoles;
  readonly unique: readonly UniqueRule[];
  readonly index: readonly string[];
  readonly searchable: readonly string[];
  readonly fields: readonly FieldDefinition[];
  readonly ownTypes?: KeptFieldTypes;
}

const text = z.string();

const sectionShape: z.ZodType<FieldsSection> = z.strictObject({
  roles: z.strictObject({
    name: text.exactOptional(),
    phone: text.exactOptional(),
    email: text.exactOptional(),
    amount: text.exactOptional(),
    region: text.exactOptional(),
  }),
  unique: z.array(
    z.strictObject({
      name: text,
      scope: z.enum(['line', 'store']),
      fields: z.array(text).readonly(),
      while: z.enum(['open', 'always']),
    }),
  ),
  index: z.array(text).readonly(),
  searchable: z.array(text).readonly(),
  fields: z.array(fieldShape).readonly(),
  ownTypes: keptFieldTypesShape.exactOptional(),
});

/** What is stored of a schema: all but its line and version, which are its key. */
export function fieldsSectionOf(schema: LineSchema): Json {
  const { productLine: _line, version: _version, ...section } = schema;
  return JSON.parse(JSON.stringify(section));
}

/** A stored version, opened; frozen, since everybody shares it. @throws LmsError `STORE_CORRUPT` */
export function schemaOfSection(productLine: string, version: number, section: Json): LineSchema {
  const read = readShape(sectionShape, section);
  if (read.ok) return deepFreeze({ productLine, version, ...read.value });
  throw LmsError.ofProblems('STORE_CORRUPT', `version ${version} of ${productLine} cannot be read`, read.problems);
}
