import type { ErrorCategory, ErrorCode } from '@lms/core/kernel';

/** What `lms` answers to the shell. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  usage: 2,
  refused: 3,
  doneWithRejects: 4,
  conflict: 5,
  forbidden: 6,
  unavailable: 7,
  stopped: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each says, for the help and the pages. */
export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  [exitCodes.ok]: 'done',
  [exitCodes.internal]: 'a defect of LMS; LMS_DEBUG=1 shows where',
  [exitCodes.usage]: 'the command line or the configuration is wrong',
  [exitCodes.refused]: 'the input is refused, or names something that is not there',
  [exitCodes.doneWithRejects]: 'done, and some of the rows or leads were refused',
  [exitCodes.conflict]: 'it collides with what is stored: a duplicate, a newer version, a move that is not allowed',
  [exitCodes.forbidden]: 'the actor is unknown or may not do this',
  [exitCodes.unavailable]: 'the store cannot be used now; try again later',
  [exitCodes.stopped]: 'stopped by Ctrl-C or a signal; nothing is half written',
};

const byCategory: Readonly<Record<ErrorCategory, ExitCode>> = {
  input: exitCodes.refused,
  'not-found': exitCodes.refused,
  conflict: exitCodes.conflict,
  unauthenticated: exitCodes.forbidden,
  forbidden: exitCodes.forbidden,
  config: exitCodes.usage,
  'rate-limited': exitCodes.unavailable,
  partner: exitCodes.unavailable,
  storage: exitCodes.unavailable,
  unavailable: exitCodes.unavailable,
  internal: exitCodes.internal,
};

/** Codes that mean something else at a command line than their category says. */
const byCode: ReadonlyMap<ErrorCode, ExitCode> = new Map([
  ['USAGE_INVALID', exitCodes.usage],
  ['COMMAND_ABORTED', exitCodes.stopped],
]);

export function exitCodeOf(error: { readonly code: ErrorCode; readonly category: ErrorCategory }): ExitCode {
  return byCode.get(error.code) ?? byCategory[error.category];
}
