import type { Pipeline } from './pipeline.js';

/** The status that stages alone decide; `converted` comes from outside the pipeline. */
export type StageStatus = 'pending' | 'in_progress' | 'won' | 'lost';

/** Won or lost in a terminal stage; else pending until the first move. A stage that the pipeline lacks is open. */
export function deriveStatus(
  pipeline: Pipeline,
  lead: { readonly stage: string; readonly hasMoved: boolean },
): StageStatus {
  const terminal = pipeline.stages.find((stage) => stage.slug === lead.stage)?.terminal ?? null;
  return terminal ?? (lead.hasMoved ? 'in_progress' : 'pending');
}
