import { type Json, LmsError } from '../../foundation/kernel/index.js';
import {
  type DefinitionChange,
  diffObjects,
  type JsonObject,
  lineSchemaOf,
  lineWords,
  type ProductLineDefinition,
} from '../fields/index.js';
import { readPipelineSection } from './pipeline-section.js';
import { pipelineWords } from './pipeline-words.js';

/**
 * What publishing `after` over `before` would change, in words, of the fields side first, then of the pipeline; everything
 * is new when `before` is null. What a file leaves unsaid is compared as what it means, so a definition that would publish
 * no new version has no difference, and only that. Pure.
 * @throws LmsError `DEFINITION_INVALID` for a pipeline of another shape
 */
export function diffDefinitions(
  before: ProductLineDefinition | null,
  after: ProductLineDefinition,
): readonly DefinitionChange[] {
  const words = { ...lineWords, pipeline: { kind: 'parts', parts: pipelineWords } } as const;
  const nothing = { slug: after.slug, name: after.name, index: [], searchable: [] };
  return diffObjects(before === null ? nothing : wholeLine(before), wholeLine(after), words);
}

/** The definition with the default unique rules, as values. */
function wholeLine(definition: ProductLineDefinition): JsonObject {
  const { roles, unique, index, searchable, fields } = lineSchemaOf(definition, 0);
  const { slug, name } = definition;
  return jsonOf({ slug, name, roles, unique, index, searchable, fields, pipeline: wholePipeline(definition.pipeline) });
}

function wholePipeline(pipeline: Json): Json {
  const read = readPipelineSection(pipeline);
  if (!read.ok) throw LmsError.ofProblems('DEFINITION_INVALID', 'the pipeline cannot be compared', read.problems);
  return pipeline;
}

function jsonOf(object: object): JsonObject {
  return JSON.parse(JSON.stringify(object));
}
