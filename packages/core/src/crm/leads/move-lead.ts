import { z } from 'zod';
import type { Instant } from '../../foundation/kernel/index.js';
import { checkInput, LmsError } from '../../foundation/kernel/index.js';
import { keptText } from '../fields/index.js';
import {
  decideMove,
  deriveStatus,
  enterStage,
  isOpenTask,
  type MoveGuard,
  type MoveReason,
  type Pipeline,
  type Stage,
} from '../pipeline/index.js';
import type { ChangeContext, LeadChange } from './lead-change.js';
import type { LeadState } from './lead-state.js';

export interface MoveRequest {
  /** Slug of the stage. */
  readonly to: string;
  /** Kept with the activity, sealed. */
  readonly comment?: string;
}

const moveShape: z.ZodType<MoveRequest> = z.strictObject({
  to: z.string().trim().min(1).max(64),
  comment: keptText(20_000).exactOptional(),
});

/** @throws LmsError `INPUT_INVALID` */
export function checkMoveRequest(input: unknown): MoveRequest {
  return checkInput(moveShape, input, 'the lead cannot be moved');
}

/** Every stay and its tasks are kept with the lead for ever, so there is an end to going to and fro. */
const mostStays = 500;

const tooManyMoves: MoveReason = {
  code: 'LEAD_MOVED_TOO_OFTEN',
  message: `the lead has been in ${mostStays} stages already; make a new lead and link the two`,
};

/** Every reason why the lead cannot go there now; empty when it can. */
export function moveReasons(
  lead: LeadState,
  to: string,
  rules: {
    readonly pipeline: Pipeline;
    readonly guards: readonly MoveGuard[];
    /** The consents that are missing. */
    readonly consents: readonly MoveReason[];
  },
): readonly MoveReason[] {
  const decision = decideMove({
    pipeline: rules.pipeline,
    from: lead.stage,
    to,
    tasks: lead.tasks,
    guardReasons: [...rules.consents, ...rules.guards.flatMap((guard) => guard(lead, { from: lead.stage, to }))],
    deleted: lead.deletedAt !== null,
  });
  const reasons = decision.allowed ? [] : decision.reasons;
  return lead.history.length < mostStays ? reasons : [...reasons, tooManyMoves];
}

/** @throws LmsError `MOVE_REFUSED` with every reason */
export function refuseMove(lead: LeadState, to: string, reasons: readonly MoveReason[]): void {
  if (reasons.length === 0) return;
  throw new LmsError('MOVE_REFUSED', {
    message: `${lead.number} cannot move from ${lead.stage} to ${to}: ${reasons.map((reason) => reason.message).join('; ')}`,
    path: 'to',
    details: { reasons, from: lead.stage, to },
  });
}

/**
 * The lead in its new stage: the stay closed and the next one opened, open tasks of the old stage cancelled, those of the
 * new one made, STAGE_CHANGE logged. Asks no questions; see {@link moveReasons}. A move with a cause is nobody's answer to
 * the lead.
 */
export function moveLead(
  context: ChangeContext,
  request: MoveRequest & { readonly cause?: 'stage-retired' },
  pipeline: Pipeline,
): LeadChange {
  const { lead, at, principal } = context;
  const stage = stageOf(pipeline, request.to);
  const status = deriveStatus(pipeline, { stage: stage.slug, hasMoved: true });
  const made = enterStage(stage, { at, nextId: context.nextId });
  const { cause } = request;
  const answers = cause === undefined && principal.user !== null;
  const data = { from: lead.stage, to: stage.slug, ...(cause === undefined ? {} : { cause }) };
  const sealed = request.comment === undefined ? null : context.seal(request.comment);
  const next: LeadState = {
    ...lead,
    stage: stage.slug,
    stageEnteredAt: at,
    status,
    pipelineVersion: pipeline.version,
    tasks: [...closeOpenTasks(lead), ...made],
    history: [...closeStay(lead, at), { stage: stage.slug, enteredAt: at, exitedAt: null, enteredBy: principal.ref }],
    firstResponseAt: lead.firstResponseAt ?? (answers ? at : null),
    wonAt: status === 'won' ? at : null,
    lostAt: status === 'lost' ? at : null,
  };
  return {
    state: next,
    activities: [{ id: context.nextId(), type: 'STAGE_CHANGE', at, actor: principal.ref, data, sealed }],
    event: {
      type: 'lead.stage_changed',
      command: cause === undefined ? 'leads.move' : 'stages.retire',
      data: { ...data, productLine: lead.productLine, pipelineVersion: pipeline.version, status },
      sealed,
    },
  };
}

function closeOpenTasks(lead: LeadState): LeadState['tasks'] {
  return lead.tasks.map((task) => (isOpenTask(task) ? { ...task, status: 'cancelled' as const } : task));
}

function closeStay(lead: LeadState, at: Instant): LeadState['history'] {
  return lead.history.map((entry) => (entry.exitedAt === null ? { ...entry, exitedAt: at } : entry));
}

function stageOf(pipeline: Pipeline, slug: string): Stage {
  const stage = pipeline.stages.find((one) => one.slug === slug);
  if (stage !== undefined) return stage;
  throw new LmsError('STAGE_NOT_FOUND', { message: `the pipeline has no stage "${slug}"`, path: 'to' });
}
