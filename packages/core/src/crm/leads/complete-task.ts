import { z } from 'zod';
import { checkInput, LmsError } from '../../foundation/kernel/index.js';
import { checkValues, type FieldDefinition, taskSchema } from '../fields/index.js';
import type { Pipeline } from '../pipeline/index.js';
import type { LeadTask } from './lead.js';
import type { ChangeContext, LeadChange } from './lead-change.js';
import type { LeadSettings } from './lead-settings.js';
import type { LeadState } from './lead-state.js';
import { fieldInputsShape } from './new-lead.js';

export interface TaskCompletion {
  /** Values of the task's own fields, as a person types them. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** `skipped` is for tasks that are not required. */
  readonly status?: 'completed' | 'skipped';
}

interface CompletionRequest extends TaskCompletion {
  readonly task: string;
}

const completionShape: z.ZodType<CompletionRequest> = z.strictObject({
  task: z.string().trim().min(1).max(100),
  fields: fieldInputsShape.exactOptional(),
  status: z.enum(['completed', 'skipped'], { error: 'expected completed or skipped' }).exactOptional(),
});

/** @throws LmsError `INPUT_INVALID` */
export function checkCompletion(input: unknown): CompletionRequest {
  return checkInput(completionShape, input, 'the task cannot be completed');
}

/**
 * The lead with the task completed or skipped.
 * @throws LmsError `TASK_NOT_FOUND`, `TASK_CLOSED`, `LEAD_INVALID` naming each refused value
 */
export function completeTask(
  context: ChangeContext,
  request: CompletionRequest,
  rules: { readonly pipeline: Pipeline; readonly settings: LeadSettings },
): LeadChange {
  const { lead, at, principal } = context;
  const task = findTask(lead, request.task);
  const status = request.status ?? 'completed';
  if (status === 'skipped' && task.required) {
    throw new LmsError('INPUT_INVALID', {
      message: `task "${task.name}" is required; it cannot be skipped`,
      path: 'status',
    });
  }
  const checked =
    status === 'skipped'
      ? { values: {}, entered: {}, problems: [] }
      : checkValues({
          schema: taskSchema(templateFields(rules.pipeline, task)),
          input: request.fields ?? {},
          context: rules.settings.fieldContext(context.now),
          mode: 'create',
        });
  if (checked.problems.length > 0) {
    throw LmsError.ofProblems('LEAD_INVALID', `task "${task.name}" cannot be completed`, checked.problems);
  }
  const done: LeadTask = {
    ...task,
    status,
    values: checked.values,
    entered: checked.entered,
    completedAt: at,
    completedBy: principal.ref,
  };
  const data = { task: task.template, stage: task.stage, status, fields: Object.keys(checked.values) };
  const hasValues = Object.keys(checked.values).length > 0;
  return {
    state: { ...lead, tasks: lead.tasks.map((one) => (one.id === task.id ? done : one)) },
    activities: [
      {
        id: context.nextId(),
        type: status === 'skipped' ? 'TASK_SKIPPED' : 'TASK_COMPLETED',
        at,
        actor: principal.ref,
        data,
        sealed: null,
      },
    ],
    event: {
      type: 'lead.task_completed',
      command: 'leads.completeTask',
      data,
      sealed: hasValues ? context.seal(JSON.stringify(checked.values)) : null,
    },
  };
}

/** By task id, or by template slug among the tasks of the current stage. */
function findTask(lead: LeadState, reference: string): LeadTask {
  const task =
    lead.tasks.find((one) => one.id === reference) ??
    lead.tasks.findLast((one) => one.template === reference && one.stage === lead.stage);
  if (task === undefined) {
    const known = lead.tasks.filter((one) => one.stage === lead.stage).map((one) => one.template);
    throw new LmsError('TASK_NOT_FOUND', {
      message: `${lead.number} has no task "${reference}"; its tasks in this stage: ${known.join(', ') || 'none'}`,
      path: 'task',
    });
  }
  if (task.status === 'completed' || task.status === 'skipped' || task.status === 'cancelled') {
    throw new LmsError('TASK_CLOSED', { message: `task "${task.name}" of ${lead.number} is already ${task.status}` });
  }
  return task;
}

/** A template that was removed since asks for nothing. */
function templateFields(pipeline: Pipeline, task: LeadTask): readonly FieldDefinition[] {
  const stage = pipeline.stages.find((one) => one.slug === task.stage);
  return stage?.tasks.find((template) => template.slug === task.template)?.fields ?? [];
}
