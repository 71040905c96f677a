/** What a kind of jobs may be called. */
export const jobKindPattern: RegExp = /^[a-z][a-z0-9.-]{0,99}$/;

export const jobKindExpected = 'expected a kind such as acme.sync';

/** Tries that a job may have at most. */
export const mostAttempts = 1_000;
