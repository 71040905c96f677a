import { LmsError } from '../../foundation/kernel/index.js';
import type { Stage } from './pipeline.js';
import { defaultColour, type StageDefinition, stagesOf } from './pipeline-section.js';
import { stageOf } from './stored-pipeline.js';

/** A stage to add. */
export interface NewStage extends Omit<StageDefinition, 'order' | 'active'> {
  /** Stages from which a lead may come; the last stage in use that decides nothing when absent. */
  readonly from?: readonly string[];
  /** Stands before this stage; last when absent. */
  readonly before?: string;
}

/** What to change of a stage; what is left out stays. */
export interface StageChanges
  extends Partial<Pick<StageDefinition, 'name' | 'colour' | 'terminal' | 'next' | 'tasks' | 'requiresConsent'>> {}

type Stages = readonly Stage[];

/** The stages of one line, as the edits below take and give them. */
interface StagesOfLine {
  readonly productLine: string;
  readonly stages: Stages;
}

/** @throws LmsError `STAGE_EXISTS`, also for a slug that was retired; `STAGE_NOT_FOUND` for `from` and `before` */
export function addStage(line: StagesOfLine, added: NewStage): Stages {
  const { from, before, ...definition } = added;
  const existing = line.stages.find((stage) => stage.slug === added.slug);
  if (existing !== undefined) {
    throw new LmsError('STAGE_EXISTS', {
      message: existing.active
        ? `${line.productLine} already has a stage "${added.slug}"`
        : `the stage "${added.slug}" was retired; bring it back, or choose another slug`,
      path: 'slug',
    });
  }
  const stages = stagesOf({ stages: [{ colour: defaultColour, ...definition }] });
  const origins = from ?? lastOpen(line.stages);
  for (const slug of origins) stageOf(line, slug);
  const place = before === undefined ? line.stages.length : line.stages.indexOf(stageOf(line, before));
  return inPlace(
    [...line.stages.slice(0, place), ...stages, ...line.stages.slice(place)].map(leadingTo(added.slug, origins)),
  );
}

/** @throws LmsError `STAGE_NOT_FOUND` */
export function changeStage(line: StagesOfLine, slug: string, changes: StageChanges): Stages {
  const stage = stageOf(line, slug);
  const changed = stagesOf({ stages: [{ ...stage, ...changes }] });
  return inPlace(line.stages.flatMap((one) => (one === stage ? changed : [one])));
}

/**
 * Every stage in use must be named once; retired ones that are not named go last.
 * @throws LmsError `STAGE_NOT_FOUND`, `INPUT_INVALID`
 */
export function reorderStages(line: StagesOfLine, slugs: readonly string[]): Stages {
  const named = slugs.map((slug) => stageOf(line, slug));
  const twice = slugs.filter((slug, index) => slugs.indexOf(slug) < index);
  const left = line.stages.filter((stage) => !named.includes(stage));
  const missing = left.filter((stage) => stage.active).map((stage) => stage.slug);
  if (twice.length > 0 || missing.length > 0) {
    throw new LmsError('INPUT_INVALID', {
      message:
        missing.length > 0
          ? `the order lacks ${missing.join(', ')}`
          : `the order names ${[...new Set(twice)].join(', ')} twice`,
      path: 'stages',
    });
  }
  return inPlace([...named, ...left]);
}

/**
 * The stage out of use. Stages that led to it lead on to where it led, so that nothing behind it is cut off.
 * @throws LmsError `STAGE_NOT_FOUND`
 */
export function retireStage(line: StagesOfLine, slug: string): Stages {
  const retired = stageOf(line, slug);
  return line.stages.map((stage) => {
    if (stage === retired) return { ...stage, active: false };
    if (!stage.next.includes(slug)) return stage;
    const next = stage.next.flatMap((one) => (one === slug ? retired.next : [one]));
    return { ...stage, next: [...new Set(next)].filter((one) => one !== stage.slug && one !== slug) };
  });
}

/** The stage in use again, reached from `from`. @throws LmsError `STAGE_NOT_FOUND` */
export function restoreStage(line: StagesOfLine, slug: string, from: readonly string[]): Stages {
  const restored = stageOf(line, slug);
  for (const origin of from) stageOf(line, origin);
  const inUse = new Set(line.stages.filter((stage) => stage.active).map((stage) => stage.slug));
  return line.stages
    .map((stage) =>
      stage === restored ? { ...stage, active: true, next: stage.next.filter((one) => inUse.has(one)) } : stage,
    )
    .map(leadingTo(slug, from));
}

function leadingTo(slug: string, origins: readonly string[]): (stage: Stage) => Stage {
  return (stage) =>
    origins.includes(stage.slug) && !stage.next.includes(slug) ? { ...stage, next: [...stage.next, slug] } : stage;
}

function lastOpen(stages: Stages): readonly string[] {
  const last = stages.findLast((stage) => stage.active && stage.terminal === null);
  return last === undefined ? [] : [last.slug];
}

function inPlace(stages: Stages): Stages {
  return stages.map((stage, index) => ({ ...stage, order: index + 1 }));
}
