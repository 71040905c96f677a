/** Keys, erasure, and what people allow. */
export const privacyErrors = {
  KEY_MISSING: {
    category: 'config',
    retryable: false,
    meaning: 'The master key is missing; without it personal data cannot be read.',
  },
  KEY_INVALID: {
    category: 'config',
    retryable: false,
    meaning: 'The master key is not 32 bytes, or not the one this store was made with.',
  },
  ERASURE_HELD: {
    category: 'conflict',
    retryable: false,
    meaning: 'A law or a dispute wants the data of the lead kept for now.',
  },
  KEY_DESTROYED: {
    category: 'not-found',
    retryable: false,
    meaning: 'The data key was destroyed: the data is erased.',
  },
  ENVELOPE_INVALID: {
    category: 'storage',
    retryable: false,
    meaning: 'A sealed value was changed or belongs to another record.',
  },
  CONSENT_MISSING: { category: 'forbidden', retryable: false, meaning: 'The person has not consented to that.' },
  CONSENT_WITHDRAWN: { category: 'forbidden', retryable: false, meaning: 'The person has taken the consent back.' },
  CONSENT_EXPIRED: {
    category: 'forbidden',
    retryable: false,
    meaning: 'The consent no longer holds; the person has to give it again.',
  },
  CONTACT_BLOCKED: {
    category: 'forbidden',
    retryable: false,
    meaning: 'The person must not be contacted that way, whatever consents there are.',
  },
  CONSENT_PURPOSE_UNKNOWN: {
    category: 'input',
    retryable: false,
    meaning: 'The store knows no such purpose; purposes beyond the usual ones stand in its configuration.',
  },
  CONSENT_WORDING_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'The text that the person agreed to is not in the store; add it first.',
  },
  CONSENT_WORDING_EXISTS: {
    category: 'conflict',
    retryable: false,
    meaning: 'That version of a wording has another text: texts that people agreed to never change.',
  },
  CONSENT_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'Another consent of the same person, purpose and moment is recorded.',
  },
} as const;
