/** What is done later, and the trail of what was done. */
export const operationErrors = {
  CALENDAR_INVALID: {
    category: 'input',
    retryable: false,
    meaning:
      'The working calendar has no working time, overlapping hours, or a time zone that this machine does not know.',
  },
  CALENDAR_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No calendar has this slug, or not this version.',
  },
  CALENDAR_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'Somebody else published this calendar in the meantime; `details.newestVersion` is its version.',
  },
  AUDIT_HEAD_INVALID: {
    category: 'storage',
    retryable: false,
    meaning: 'The head of the trail is not the last that this store has signed, so nothing is sealed after it.',
  },
  JOB_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No job has this id.' },
  JOB_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'What is asked of the job does not go with its status, or another job with its dedupe key is active.',
  },
  JOB_LEASE_LOST: {
    category: 'conflict',
    retryable: true,
    meaning: 'The worker gave no sign of life for longer than its lease, so the job is no longer its own.',
  },
  JOB_TIMEOUT: {
    category: 'unavailable',
    retryable: true,
    meaning: 'One try of the job took longer than its kind may.',
  },
  TIMER_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No timer has this key: it has fired, was cancelled, or never was.',
  },
  CONSUMER_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No consumer of events has this name.' },
  CONSUMER_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'What is asked of the consumer of events does not go with how it stands.',
  },
  CONSUMER_TIMEOUT: {
    category: 'unavailable',
    retryable: true,
    meaning: 'One try of the handler of a consumer took longer than it may.',
  },
  READ_MODELS_BEHIND: {
    category: 'unavailable',
    retryable: true,
    meaning:
      'Events wait that could not be told, so nobody knows who stands where; `lms doctor` says how many and why.',
  },
} as const;
