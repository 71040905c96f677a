import { z } from 'zod';
import { definitionShape, type JsonSchema } from '../fields/index.js';
import { pipelineShape } from './pipeline-section.js';

/**
 * JSON Schema 2020-12 of a definition file, for editors: shape only, `lms schema lint` finds the rest. Published as
 * `schemas/product-line.schema.json`.
 */
export function definitionJsonSchema(): JsonSchema {
  const { $defs: _anyJson, $schema, properties, ...definition } = z.toJSONSchema(definitionShape);
  const { $schema: _dialect, ...pipeline } = z.toJSONSchema(pipelineShape);
  return {
    $schema,
    title: 'LMS product line',
    description: 'Fields, roles, unique rules and pipeline of one product line.',
    ...definition,
    properties: { $schema: { type: 'string' }, ...properties, pipeline },
  };
}
