import { type Instant, LmsError } from '../../../foundation/kernel/index.js';
import type { LeadStatus } from '../lead.js';

/** The lead as holds see it. */
export interface HoldSubject {
  readonly id: string;
  readonly number: string;
  readonly productLine: string;
  readonly stage: string;
  readonly status: LeadStatus;
  readonly createdAt: Instant;
  readonly wonAt: Instant | null;
  readonly lostAt: Instant | null;
}

/** Why a lead's data has to be kept for now. `code` is stable; neither holds personal data. */
export interface HoldReason {
  readonly code: string;
  readonly message: string;
  /** Until when, where that is known. */
  readonly until?: Instant;
}

/**
 * Says whether a law or a dispute wants the data of a lead kept; an empty list lets it be erased. It is asked inside the unit of work and
 * possibly more than once, so it does no I/O and has no effects.
 */
export type ErasureHold = (lead: HoldSubject, now: Instant) => readonly HoldReason[];

/** @throws LmsError `ERASURE_HELD` with every reason */
export function refuseHeld(lead: HoldSubject, now: Instant, holds: readonly ErasureHold[]): void {
  const { id, number, productLine, stage, status, createdAt, wonAt, lostAt } = lead;
  const subject: HoldSubject = { id, number, productLine, stage, status, createdAt, wonAt, lostAt };
  const reasons = holds.flatMap((hold) => hold(subject, now));
  if (reasons.length === 0) return;
  throw new LmsError('ERASURE_HELD', {
    message: `${number} cannot be erased now: ${reasons.map(({ message }) => message).join('; ')}`,
    details: { reasons },
  });
}
