import { z } from 'zod';
import { checkInput } from '../../foundation/kernel/index.js';
import { keptText } from '../fields/index.js';
import type { AssignRequest, UnassignRequest } from './assignment.js';

/** As many leads as one call assigns. */
export const mostItems = 1000;

const reason = keptText(2000, 'expected a reason, or none');

const assignShape: z.ZodType<AssignRequest> = z.strictObject({
  to: z.string().min(1, { error: 'expected the id of a user' }).max(64),
  reason: reason.exactOptional(),
});

const unassignShape: z.ZodType<UnassignRequest> = z.strictObject({ reason: reason.exactOptional() });

/** @throws LmsError `INPUT_INVALID` */
export function checkAssign(request: unknown): AssignRequest {
  return checkInput(assignShape, request, 'the lead cannot be assigned');
}

/** @throws LmsError `INPUT_INVALID` */
export function checkUnassign(request: unknown): UnassignRequest {
  return checkInput(unassignShape, request, 'the lead cannot be taken back');
}
