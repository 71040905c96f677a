import { type Json, LmsError } from '../../foundation/kernel/index.js';
import { didYouMean } from '../fields/index.js';
import type { Pipeline, Stage } from './pipeline.js';
import { readPipelineSection, stagesOf } from './pipeline-section.js';

const mostNamed = 50;

/** The stages as a section, the way a version of the pipeline is stored. */
export function sectionOf(stages: readonly Stage[]): Json {
  return JSON.parse(JSON.stringify({ stages }));
}

/** The stages of a stored section. @throws LmsError `STORE_CORRUPT` when it is none */
export function stagesIn(section: Json): readonly Stage[] {
  const read = readPipelineSection(section);
  if (read.ok) return stagesOf(read.value);
  throw LmsError.ofProblems('STORE_CORRUPT', 'a stored pipeline cannot be read', read.problems);
}

/** A published version of the pipeline, opened. */
export function pipelineOf(productLine: string, version: number, section: Json): Pipeline {
  return { productLine, version, stages: stagesIn(section) };
}

/** @throws LmsError `STAGE_NOT_FOUND`, naming the one that was meant, else the stages there are */
export function stageOf(pipeline: Pick<Pipeline, 'productLine' | 'stages'>, slug: string): Stage {
  const stage = pipeline.stages.find((one) => one.slug === slug);
  if (stage !== undefined) return stage;
  const active = pipeline.stages.filter((one) => one.active).map((one) => one.slug);
  throw stageNotFound(`${pipeline.productLine} has`, slug, active);
}

/** @param who and its verb: `personal-loan has` */
export function stageNotFound(who: string, slug: string, known: Iterable<string>): LmsError {
  const stages = [...known].slice(0, mostNamed).join(', ');
  return new LmsError('STAGE_NOT_FOUND', {
    message: `${who} no stage "${slug.slice(0, 64)}"${didYouMean(slug, known) || `; there are ${stages}`}`,
    path: 'stage',
  });
}
