import { LmsError } from '@lms/core/kernel';
import type { Session } from '../session.js';
import { leadFilterOf } from './lead-filter.js';
import { assignLead, type LeadAssignOptions, type LeadMoveOptions, moveLead } from './lead-work.js';
import { type BulkOptions, bulkAssign, bulkMove, changeInBulk } from './leads-in-bulk.js';

export interface MoveCommandOptions extends LeadMoveOptions, BulkOptions {}

export interface AssignCommandOptions extends LeadAssignOptions, BulkOptions {}

/** Moves the lead that is named, else all that the filter names. */
export async function moveOneOrMany(
  session: Session,
  lead: string | undefined,
  options: MoveCommandOptions,
): Promise<number | undefined> {
  if (lead === undefined) {
    refuseForMany(options);
    return changeInBulk(session, options, bulkMove(session, options));
  }
  refuseFilter(options, session);
  await moveLead(session, lead, options);
  return undefined;
}

/** Assigns the lead that is named, else all that the filter names. */
export async function assignOneOrMany(
  session: Session,
  lead: string | undefined,
  options: AssignCommandOptions,
): Promise<number | undefined> {
  if (lead === undefined) {
    refuseForMany(options);
    return changeInBulk(session, options, bulkAssign(session, options));
  }
  refuseFilter(options, session);
  await assignLead(session, lead, options);
  return undefined;
}

/** A version and a key belong to one lead. */
function refuseForMany({ expectedVersion, idempotencyKey }: LeadMoveOptions | LeadAssignOptions): void {
  const flag = expectedVersion !== undefined ? '--expected-version' : '--idempotency-key';
  if (expectedVersion === undefined && idempotencyKey === undefined) return;
  throw new LmsError('USAGE_INVALID', { message: `${flag} is for one lead: name it`, path: flag });
}

function refuseFilter(options: BulkOptions, session: Session): void {
  if (Object.keys(leadFilterOf(options, session)).length === 0) return;
  throw new LmsError('USAGE_INVALID', { message: 'Name a lead or say which leads, not both', path: 'lead' });
}
