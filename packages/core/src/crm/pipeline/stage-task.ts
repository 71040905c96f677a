import type { ActorRef, Instant } from '../../foundation/kernel/index.js';
import type { EnteredTexts, FieldValues } from '../fields/index.js';

export type StageTaskStatus = 'pending' | 'in_progress' | 'completed' | 'skipped' | 'cancelled';

/** What a decision needs to know of a lead's task. */
export interface TaskState {
  readonly id: string;
  readonly template: string;
  readonly name: string;
  readonly stage: string;
  readonly required: boolean;
  readonly status: StageTaskStatus;
}

/** A task as a stage makes it for a lead that enters. */
export interface StageTask extends TaskState {
  readonly order: number;
  readonly status: 'pending';
  readonly values: FieldValues;
  readonly entered: EnteredTexts;
  readonly createdAt: Instant;
  readonly completedAt: null;
  readonly completedBy: ActorRef | null;
}

/** Still to be done. */
export function isOpenTask(task: TaskState): boolean {
  return task.status === 'pending' || task.status === 'in_progress';
}
