import { z } from 'zod';
import { LmsError } from '../../../foundation/kernel/index.js';
import { piiClasses } from '../field-definition.js';
import { ownFieldTypeNameShape } from '../field-shape.js';
import type { FieldType } from '../field-type.js';
import { fieldTypes } from '../types/index.js';
import { type OwnTypeBase, ownTypeBases } from './kept-field-types.js';
import { pluginOf } from './missing-field-type.js';
import type { PluginWithTypes } from './own-field-types.js';

const functionShape = z.custom<unknown>((value) => typeof value === 'function', { error: 'expected a function' });

const longestExpected = 200;
const mostSamples = 100;
const longestSample = 1000;
const longestSchema = 10_000;
const mostTypes = 100;

const typeShape = z.strictObject({
  name: ownFieldTypeNameShape,
  base: z.enum(ownTypeBases, { error: `expected one of ${ownTypeBases.join(', ')}` }),
  pii: z.enum(piiClasses, { error: `expected one of ${piiClasses.join(', ')}` }),
  expected: z.string().regex(/\S/u, { error: 'must not be blank' }).max(longestExpected),
  samples: z
    .array(z.string().regex(/\S/u, { error: 'must not be blank' }).max(longestSample))
    .min(1, { error: 'expected at least one sample' })
    .max(mostSamples),
  parse: functionShape,
  format: functionShape.optional(),
  mask: functionShape.optional(),
  indexKey: functionShape.optional(),
  jsonSchema: z
    .record(z.string(), z.json())
    .refine((schema) => JSON.stringify(schema).length <= longestSchema, {
      error: `at most ${longestSchema.toLocaleString('en')} characters`,
    })
    .optional(),
  // It stands in the middle of a generated type: nothing may end that, or begin a comment.
  typescript: z
    .string()
    .max(longestExpected)
    .regex(/^[^\r\n;]*\S[^\r\n;]*$/u, { error: 'expected a type on one line' })
    .refine((type) => !type.includes('/*') && !type.includes('//'), { error: 'no comments' })
    .optional(),
});

/** The strict shape of the field types of a plugin. */
export const pluginFieldTypesShape: z.ZodType<readonly { readonly name: string }[]> = z
  .array(typeShape)
  .max(mostTypes, { error: `at most ${mostTypes} types` });

/**
 * That each type carries the name of its plugin, once, and that its JSON Schema is of values of its base. What a type of another kind would
 * be, no lead could hold.
 * @throws LmsError `CONFIG_INVALID`
 */
export function requireOwnTypes({ name: plugin, fieldTypes: types = [] }: PluginWithTypes): void {
  for (const [at, { name, base, jsonSchema }] of types.entries()) {
    const refuse = (why: string): never => {
      throw new LmsError('CONFIG_INVALID', { message: `the plugin ${plugin}: ${why}`, path: 'plugins' });
    };
    if (pluginOf(name) !== plugin) refuse(`its field type ${name} must be called ${plugin}.… as the plugin is`);
    if (types.findIndex((other) => other.name === name) < at) refuse(`two field types are called ${name}`);
    const said = jsonSchema?.['type'];
    const kind = kindOf(base);
    if (said !== undefined && said !== kind)
      refuse(`the JSON Schema of ${name} is of another type than ${String(kind)}`);
  }
}

/** The `type` of the JSON Schema of a base. */
function kindOf(base: OwnTypeBase): unknown {
  const type: FieldType = fieldTypes[base];
  const context = { currency: 'INR', dateOrder: 'dmy', today: '2026-01-01', timeZone: 'UTC' } as const;
  return type.jsonSchema({ key: 'value', label: 'Value', type: base }, context)['type'];
}
