import { z } from 'zod';
import {
  type AnyFieldTypeName,
  type FieldDefinition,
  type FieldOption,
  type FieldValidation,
  fieldTypeNames,
  inputControls,
  type OwnFieldTypeName,
  piiClasses,
} from './field-definition.js';

const keyPattern = /^[a-z][A-Za-z0-9]{0,63}$/;
const optionPattern = /^[a-z0-9]+(?:[-_][a-z0-9]+)*$/;

/** Text of a definition file: one that is not blank and not endless. */
export function words(longest: number): z.ZodString {
  return z
    .string({ error: 'expected text' })
    .max(longest, { error: `at most ${longest} characters` })
    .regex(/\S/u, { error: 'must not be blank' });
}

function list<Item extends z.ZodType>(item: Item, most: number): z.ZodReadonly<z.ZodArray<Item>> {
  return z
    .array(item, { error: 'expected a list' })
    .max(most, { error: `at most ${most} entries` })
    .readonly();
}

function flag(): z.ZodBoolean {
  return z.boolean({ error: 'expected true or false' });
}

function count(most: number): z.ZodNumber {
  return z
    .int({ error: 'expected a whole number' })
    .min(0, { error: 'must not be negative' })
    .max(most, { error: `at most ${most}` });
}

export const fieldKeyShape: z.ZodString = z.string({ error: 'expected text' }).regex(keyPattern, {
  error: 'a field key begins with a small letter and has letters and digits only, at most 64, such as "loanAmount"',
});

const optionShape = z.strictObject({
  value: z
    .string({ error: 'expected text; put it in quotes if it looks like a number' })
    .max(64, { error: 'at most 64 characters' })
    .regex(optionPattern, {
      error: 'an option value has small letters and digits, in parts joined by "-" or "_", such as "self-employed"',
    }),
  label: words(200),
  synonyms: list(words(100), 50).exactOptional(),
  retired: flag().exactOptional(),
}) satisfies z.ZodType<FieldOption>;

const boundShape = z.union([z.string().max(40), z.number()], { error: 'expected text or a number' });

const validationShape = z.strictObject({
  min: boundShape.exactOptional(),
  max: boundShape.exactOptional(),
  minLength: count(20_000).exactOptional(),
  maxLength: count(20_000).exactOptional(),
  pattern: words(500).exactOptional(),
  precision: count(12).exactOptional(),
  before: fieldKeyShape.exactOptional(),
  after: fieldKeyShape.exactOptional(),
}) satisfies z.ZodType<FieldValidation>;

const partPattern = /^[a-z][a-z0-9-]{0,39}$/;

/** The name of a plugin, a dot, and the name of a type of it. */
export const ownFieldTypeNameShape: z.ZodType<OwnFieldTypeName> = z.templateLiteral(
  [z.string().regex(partPattern), '.', z.string().regex(partPattern)],
  { error: 'expected the name of the plugin, a dot, and small letters, digits and -, such as acme.vehicle-number' },
);

export const fieldTypeNameShape: z.ZodType<AnyFieldTypeName> = z.union(
  [z.enum(fieldTypeNames), ownFieldTypeNameShape],
  {
    error: `expected one of ${fieldTypeNames.join(', ')}, or a type of a plugin, such as acme.vehicle-number`,
  },
);

/** The strict shape of a field in a definition file. */
export const fieldShape: z.ZodType<FieldDefinition> = z.strictObject({
  key: fieldKeyShape,
  label: words(200),
  type: fieldTypeNameShape,
  help: words(1000).exactOptional(),
  control: z.enum(inputControls, { error: `expected one of ${inputControls.join(', ')}` }).exactOptional(),
  required: flag().exactOptional(),
  default: z
    .union([z.string().max(2000), z.number(), z.boolean(), z.array(z.string().max(200)).max(100).readonly()], {
      error: 'expected text, a number, true, false or a list of texts',
    })
    .exactOptional(),
  options: list(optionShape, 1000).exactOptional(),
  validation: validationShape.exactOptional(),
  section: words(100).exactOptional(),
  order: z.number({ error: 'expected a number' }).exactOptional(),
  synonyms: list(words(100), 50).exactOptional(),
  pii: z.enum(piiClasses, { error: `expected one of ${piiClasses.join(', ')}` }).exactOptional(),
  retired: flag().exactOptional(),
});
