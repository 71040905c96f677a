/** Who acts. */
export const accessErrors = {
  ACTOR_UNKNOWN: {
    category: 'unauthenticated',
    retryable: false,
    meaning: 'The actor is not in the directory, or is not active.',
  },
  PERMISSION_DENIED: { category: 'forbidden', retryable: false, meaning: 'The actor may not do this.' },
  USER_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No user has this id or email.' },
  USER_EXISTS: { category: 'conflict', retryable: false, meaning: 'A user with this email or id exists.' },
  USER_INACTIVE: { category: 'conflict', retryable: false, meaning: 'The user is not active.' },
  USER_LAST_ADMIN: {
    category: 'conflict',
    retryable: false,
    meaning: 'The last active admin of the store cannot be deactivated or lose the role.',
  },
  USER_VERSION_STALE: { category: 'conflict', retryable: false, meaning: 'The user changed since it was read.' },
} as const;
