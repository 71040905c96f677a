import { z } from 'zod';
import { slugShape } from '../fields/index.js';
import { stageFields } from './pipeline-section.js';
import type { NewStage, StageChanges } from './stage-edits.js';

const { slug, name, colour, terminal, next, tasks, requiresConsent } = stageFields;
/** Stages as a caller names them. */
export const slugsShape: z.ZodType<readonly string[]> = z
  .array(slugShape, { error: 'expected a list of stage slugs' })
  .max(100)
  .readonly();

/** The strict shape of a stage to add. */
export const newStageShape: z.ZodType<NewStage> = z.strictObject({
  slug,
  name,
  colour,
  terminal,
  next,
  tasks,
  requiresConsent,
  from: slugsShape.exactOptional(),
  before: slugShape.exactOptional(),
});

/** What may be meant for stages; whether they are is looked up. */
export const stageNamesShape: z.ZodType<readonly string[]> = z.array(z.string().max(200)).max(200).readonly();

/** The strict shape of changes to a stage. */
export const stageChangesShape: z.ZodType<StageChanges> = z.strictObject({
  name: name.exactOptional(),
  colour,
  terminal,
  next,
  tasks,
  requiresConsent,
});
