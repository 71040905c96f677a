/** Leads, their moves, tasks and owners. */
export const leadErrors = {
  LEAD_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No lead has this id or number, or it is not visible to the actor.',
  },
  LEAD_HANDED_OVER: {
    category: 'forbidden',
    retryable: false,
    meaning:
      'An earlier call with the same idempotency key made the lead, and it is no longer visible to the actor; `details` has its id and number.',
  },
  LEAD_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'Field values are refused; `details.problems` names each field.',
  },
  LEAD_DUPLICATE: {
    category: 'conflict',
    retryable: false,
    meaning: 'Another lead already holds a unique value; `details.holders` names it to who may see it.',
  },
  LEAD_VERSION_STALE: {
    category: 'conflict',
    retryable: false,
    meaning: 'The lead changed since it was read; `details.currentVersion` is its version.',
  },
  LEAD_DELETED: { category: 'conflict', retryable: false, meaning: 'The lead is deleted; restore it first.' },
  LEAD_NOT_DELETED: { category: 'conflict', retryable: false, meaning: 'The lead is not deleted.' },
  MOVE_REFUSED: {
    category: 'conflict',
    retryable: false,
    meaning: 'The move is not allowed; `details.reasons` lists every reason.',
  },
  TASK_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'The lead has no such task.' },
  TASK_CLOSED: {
    category: 'conflict',
    retryable: false,
    meaning: 'The task is already completed, skipped or cancelled.',
  },
  SEARCH_UNSUPPORTED: {
    category: 'input',
    retryable: false,
    meaning: 'Sealed values cannot be sorted or searched by part.',
  },
  PLACEMENT_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'The lead was assigned to somebody else in the meantime.',
  },
} as const;
