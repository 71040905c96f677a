import { type Instant, LmsError } from '../../foundation/kernel/index.js';
import type { Pipeline, Stage } from './pipeline.js';
import type { StageTask } from './stage-task.js';

export interface EntryMoment {
  readonly at: Instant;
  readonly nextId: () => string;
}

/** The stage in which new leads start: the first active one. @throws LmsError `STAGE_NOT_FOUND` */
export function firstStage(pipeline: Pipeline): Stage {
  const first = pipeline.stages.find((stage) => stage.active);
  if (first !== undefined) return first;
  throw new LmsError('STAGE_NOT_FOUND', { message: `no stage of ${pipeline.productLine} is active` });
}

/** How a new lead enters the pipeline. */
export function enterPipeline(
  pipeline: Pipeline,
  moment: EntryMoment,
): { readonly stage: string; readonly tasks: readonly StageTask[] } {
  const stage = firstStage(pipeline);
  return { stage: stage.slug, tasks: enterStage(stage, moment) };
}

/** The tasks that a lead gets on entering the stage: one from each template, in order. */
export function enterStage(stage: Stage, moment: EntryMoment): readonly StageTask[] {
  return stage.tasks.map((template) => ({
    id: moment.nextId(),
    template: template.slug,
    name: template.name,
    stage: stage.slug,
    required: template.required,
    order: template.order,
    status: 'pending',
    values: {},
    entered: {},
    createdAt: moment.at,
    completedAt: null,
    completedBy: null,
  }));
}
