import { z } from 'zod';
import { configurationSchema } from './configuration.js';

/** The JSON Schema of `lms.config.json`, as published in `schemas/lms.config.schema.json`. */
export function configurationJsonSchema(): object {
  return z.toJSONSchema(configurationSchema, { target: 'draft-2020-12' });
}
