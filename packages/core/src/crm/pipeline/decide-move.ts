import type { MoveReason } from './move-guard.js';
import type { Pipeline, Stage } from './pipeline.js';
import { isOpenTask, type TaskState } from './stage-task.js';

export interface MoveToDecide {
  readonly pipeline: Pipeline;
  /** Slugs of stages. */
  readonly from: string;
  readonly to: string;
  /** All tasks of the lead; those of the stage it leaves count. */
  readonly tasks: readonly TaskState[];
  /** What the guards said. */
  readonly guardReasons?: readonly MoveReason[];
  readonly deleted?: boolean;
}

export type MoveDecision =
  | { readonly allowed: true; readonly stage: Stage }
  | { readonly allowed: false; readonly reasons: readonly MoveReason[] };

/**
 * Decides a move, and when it is refused names every reason at once. A move to a lost stage needs no task done; leaving a won
 * or lost stage needs an allowed move like any other. Pure.
 */
export function decideMove(move: MoveToDecide): MoveDecision {
  const target = move.pipeline.stages.find((stage) => stage.slug === move.to);
  const reasons = [
    ...(move.deleted ? [{ code: 'LEAD_DELETED', message: 'the lead is deleted; restore it first' }] : []),
    ...stageReasons(move, target),
    ...(target?.terminal === 'lost' ? [] : taskReasons(move)),
    ...(move.guardReasons ?? []),
  ];
  if (target === undefined || reasons.length > 0) return { allowed: false, reasons };
  return { allowed: true, stage: target };
}

function stageReasons({ pipeline, from, to }: MoveToDecide, target: Stage | undefined): readonly MoveReason[] {
  const next = movesFrom(pipeline, from);
  const possible = next.length === 0 ? 'no move leads on from it' : `it can move to ${next.join(', ')}`;
  if (target === undefined) {
    return [{ code: 'STAGE_UNKNOWN', message: `there is no stage "${to.slice(0, 64)}"; ${possible}` }];
  }
  if (to === from) return [{ code: 'STAGE_SAME', message: `the lead is already in "${to}"` }];
  return [
    ...(target.active ? [] : [{ code: 'STAGE_INACTIVE', message: `the stage "${to}" is no longer in use` }]),
    ...(next.includes(to) || !target.active
      ? []
      : [
          { code: 'STAGE_NOT_NEXT', message: `"${from}" does not lead to "${to}"; ${possible}`, details: { from, to } },
        ]),
  ];
}

function taskReasons({ from, tasks }: MoveToDecide): readonly MoveReason[] {
  return tasks
    .filter((task) => task.stage === from && task.required && isOpenTask(task))
    .map((task) => ({
      code: 'TASK_REQUIRED',
      message: `the task "${task.name}" must be completed first`,
      details: { task: task.id, template: task.template },
    }));
}

/** Active stages that a lead in `from` may move to, by the pipeline alone. */
export function movesFrom(pipeline: Pipeline, from: string): readonly string[] {
  const active = new Set(pipeline.stages.filter((stage) => stage.active).map((stage) => stage.slug));
  const next = pipeline.stages.find((stage) => stage.slug === from)?.next ?? [];
  return next.filter((slug) => active.has(slug));
}
