import { type Finding, LmsError } from '../../foundation/kernel/index.js';
import {
  type FieldDefinition,
  type FieldSchemaEngine,
  fieldTypeOf,
  isOwnTypeName,
  type LineHead,
} from '../fields/index.js';
import type { PipelineReader } from './pipeline-reader.js';

const mostTold = 10;

/**
 * For `lms doctor`: whether the plugins are here whose types the fields of product lines and of their tasks have, as the lines are published
 * now. Leads of former versions are not looked at. A line that cannot be opened is told of, too.
 */
export async function fieldTypesFinding(schemas: FieldSchemaEngine, pipelines: PipelineReader): Promise<Finding> {
  const name = 'field types';
  const linesOf = new Map<string, Set<string>>();
  for (const line of await schemas.lines()) {
    for (const why of await problemsOf(line, schemas, pipelines)) {
      linesOf.set(why, (linesOf.get(why) ?? new Set()).add(line.slug));
    }
  }
  if (linesOf.size === 0) return { name, ok: true, message: 'every field of the product lines has its type' };
  const told = [...linesOf].slice(0, mostTold).map(([why, lines]) => `${[...lines].join(', ')}: ${why}`);
  const more = linesOf.size > mostTold ? [`${linesOf.size - mostTold} more`] : [];
  return { name, ok: false, message: [...told, ...more].join('; ') };
}

async function problemsOf(
  { slug, schemaVersion, pipelineVersion }: LineHead,
  schemas: FieldSchemaEngine,
  pipelines: PipelineReader,
): Promise<readonly string[]> {
  try {
    const { fields } = await schemas.schema(slug, schemaVersion);
    const { stages } = await pipelines.pipeline(slug, pipelineVersion);
    const ofTasks = stages.flatMap(({ tasks }) => tasks.flatMap((task) => task.fields));
    return [...fields, ...ofTasks].flatMap(whyMissing);
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    return [`${error.code}: ${error.message}`];
  }
}

function whyMissing(field: FieldDefinition): readonly string[] {
  if (field.retired || !isOwnTypeName(field.type)) return [];
  const { missing } = fieldTypeOf(field);
  return missing === undefined ? [] : [`fields of type ${field.type} cannot be used, since ${missing}`];
}
