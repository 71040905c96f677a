/** Other systems that are called and told. */
export const outsideErrors = {
  OUTBOUND_TARGET_UNKNOWN: {
    category: 'config',
    retryable: false,
    meaning: 'The settings have no outbound target of this name.',
  },
  OUTBOUND_REFUSED: {
    category: 'forbidden',
    retryable: false,
    meaning: 'The address may not be called: it is private, not one of the target, or asked for without TLS.',
  },
  OUTBOUND_TIMEOUT: {
    category: 'partner',
    retryable: true,
    meaning:
      'The other system took too long; `details.ambiguous`: it may have done what was asked, and may be asked again.',
  },
  OUTBOUND_FAILED: {
    category: 'partner',
    retryable: true,
    meaning:
      'The other system could not be reached, or broke off; `details.ambiguous`: it may have done what was asked, and may be asked again.',
  },
  OUTBOUND_OUTCOME_UNKNOWN: {
    category: 'partner',
    retryable: false,
    meaning:
      'The other system may or may not have done what was asked, and asking again could do it twice; find out from it first.',
  },
  OUTBOUND_UNTRUSTED: {
    category: 'partner',
    retryable: false,
    meaning:
      "The other system's certificate is not trusted, or it does not trust ours; it got nothing, only after a redirect may something have been done.",
  },
  OUTBOUND_TOO_LARGE: {
    category: 'partner',
    retryable: false,
    meaning: 'The answer is longer than the target allows; what was asked may have been done.',
  },
  OUTBOUND_CIRCUIT_OPEN: {
    category: 'unavailable',
    retryable: true,
    meaning:
      'The other system kept failing, so it is left alone for a while; `details.retryAfterMillis` says how long.',
  },
  OUTBOUND_RATE_LIMITED: {
    category: 'rate-limited',
    retryable: true,
    meaning: 'More calls than the target allows, in a second or at once; nothing was sent.',
  },
  OUTBOUND_BUDGET_SPENT: {
    category: 'rate-limited',
    retryable: true,
    meaning:
      "The target's budget of the day or month is spent; nothing was sent; `details.retryAfterMillis`: until the period ends.",
  },
  SECRET_MISSING: {
    category: 'config',
    retryable: false,
    meaning: 'A secret that an outbound target refers to is missing or empty.',
  },
  EXCHANGE_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No call to another system has this id.' },
  WEBHOOK_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No webhook has this id.' },
  WEBHOOK_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'The webhook was changed since it was read; `details.currentVersion` is its version.',
  },
  WEBHOOK_DELIVERY_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No delivery of a webhook has this id, or it is forgotten already.',
  },
  NOTIFICATION_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No notification has this id, or it is forgotten already.',
  },
  NOTIFICATION_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'The notification was sent, or no rule tells of it any more, so it is not sent again.',
  },
  NOTICES_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'Templates and rules were published since they were read; `details.currentVersion` is their version.',
  },
  NOTICE_TEMPLATE_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No template has this name for the channel and language.',
  },
  NOTICE_VARIABLE_MISSING: {
    category: 'input',
    retryable: false,
    meaning: 'A template names what this lead does not have, and has no fallback for it; nothing was sent.',
  },
  NOTICE_ADDRESS_MISSING: {
    category: 'input',
    retryable: false,
    meaning: 'Who is to be told has no email address or phone that can be sent to.',
  },
  NOTICE_RECIPIENT_GONE: {
    category: 'not-found',
    retryable: false,
    meaning: 'The lead was deleted or erased, or the user is no longer active, so nobody is told.',
  },
  NOTICE_PREFERENCE_OFF: {
    category: 'conflict',
    retryable: false,
    meaning: 'The user does not want to be told of this by this channel.',
  },
  NOTICE_DLT_MISSING: {
    category: 'input',
    retryable: false,
    meaning: 'An SMS to a number of India needs what it was registered by (DLT): entity, template and sender.',
  },
  NOTICE_TOO_LONG: {
    category: 'input',
    retryable: false,
    meaning: 'An SMS is more messages long than the settings allow.',
  },
  NOTICE_CHANNEL_OFF: {
    category: 'config',
    retryable: false,
    meaning: 'The settings of this process do not say how notices go by this channel.',
  },
  NOTICE_NOT_SENT: {
    category: 'unavailable',
    retryable: true,
    meaning: 'The mail server or SMS provider did not take a notification; it is tried again.',
  },
  NOTICE_REFUSED: {
    category: 'partner',
    retryable: false,
    meaning: 'The mail server or SMS provider will not take a notification, such as for an address that is not there.',
  },
  NOTICE_OUTCOME_UNKNOWN: {
    category: 'partner',
    retryable: false,
    meaning: 'An SMS may have been sent or not; it is not sent again by itself.',
  },
} as const;
