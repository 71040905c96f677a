import type { Instant } from '../../foundation/kernel/index.js';
import type { FieldValues } from '../fields/index.js';
import type { TaskState } from './stage-task.js';

/** One reason against a move. `code` is stable, `message` says what to do about it. */
export interface MoveReason {
  readonly code: string;
  readonly message: string;
  /** What the reason is about, such as the open task; no personal data. */
  readonly details?: Readonly<Record<string, string>>;
}

/** The lead as guards see it. */
export interface MoveSubject {
  readonly id: string;
  readonly number: string;
  readonly productLine: string;
  readonly stage: string;
  readonly status: string;
  readonly ownerId: string | null;
  readonly partner: string | null;
  readonly score: number | null;
  readonly values: FieldValues;
  readonly properties: Readonly<Record<string, string>>;
  readonly tasks: readonly TaskState[];
  readonly createdAt: Instant;
  readonly stageEnteredAt: Instant;
}

/** A move as it is asked for; slugs of stages. */
export interface AskedMove {
  readonly from: string;
  readonly to: string;
}

/**
 * May refuse a move, with reasons; an empty list lets it pass. It is asked inside the unit of work and possibly more than
 * once, so it does no I/O and has no effects. Workflow and approvals answer through it, and so may the embedder.
 */
export type MoveGuard = (lead: MoveSubject, move: AskedMove) => readonly MoveReason[];
