/** Values that are given, and requests as such. */
export const valueErrors = {
  INPUT_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The input has the wrong shape; `details.problems` names each place.',
  },
  AMOUNT_INVALID: { category: 'input', retryable: false, meaning: 'The text is not an amount of money.' },
  AMOUNT_OUT_OF_RANGE: {
    category: 'input',
    retryable: false,
    meaning: 'The amount is beyond what can be stored exactly (2^53 minor units).',
  },
  DECIMAL_INVALID: { category: 'input', retryable: false, meaning: 'The text is not a decimal number.' },
  DATE_INVALID: { category: 'input', retryable: false, meaning: 'The text is not a date that exists.' },
  TIME_ZONE_UNKNOWN: {
    category: 'config',
    retryable: false,
    meaning: 'The business time zone is not an IANA zone that this machine knows.',
  },
  ID_INVALID: { category: 'input', retryable: false, meaning: 'The text is not an id.' },
  CURSOR_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The page cursor was not made by this list, or its query changed.',
  },
  LIMIT_EXCEEDED: { category: 'input', retryable: false, meaning: 'A configured limit would be exceeded.' },
  IDEMPOTENCY_KEY_REUSED: {
    category: 'conflict',
    retryable: false,
    meaning: 'The idempotency key was used before with another request.',
  },
  COMMAND_ABORTED: {
    category: 'conflict',
    retryable: true,
    meaning: 'The caller stopped the command before it was committed.',
  },
} as const;
