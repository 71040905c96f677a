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
