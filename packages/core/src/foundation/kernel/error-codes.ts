import { accessErrors } from './error-codes/access.js';
import { definitionErrors } from './error-codes/definitions.js';
import { fileErrors } from './error-codes/files.js';
import { leadErrors } from './error-codes/leads.js';
import { operationErrors } from './error-codes/operations.js';
import { outsideErrors } from './error-codes/outside.js';
import { privacyErrors } from './error-codes/privacy.js';
import { processErrors } from './error-codes/process.js';
import { storageErrors } from './error-codes/storage.js';
import { valueErrors } from './error-codes/values.js';

/** What kind of failure an error is; adapters map it to an exit code or an HTTP status. */
export type ErrorCategory =
  | 'input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'rate-limited'
  | 'partner'
  | 'storage'
  | 'unavailable'
  | 'config'
  | 'internal';

interface ErrorKind {
  readonly category: ErrorCategory;
  readonly retryable: boolean;
  readonly meaning: string;
}

/** A stable error code: `<NOUN>_<PROBLEM>`. */
export type ErrorCode =
  | keyof typeof valueErrors
  | keyof typeof definitionErrors
  | keyof typeof leadErrors
  | keyof typeof accessErrors
  | keyof typeof fileErrors
  | keyof typeof privacyErrors
  | keyof typeof outsideErrors
  | keyof typeof operationErrors
  | keyof typeof storageErrors
  | keyof typeof processErrors;

/**
 * The one table of error codes, a part for each subject; `docs/errors.md` is generated from it. `retryable`: the very same call may succeed
 * later.
 */
export const errorCodes: Readonly<Record<ErrorCode, ErrorKind>> = {
  ...valueErrors,
  ...definitionErrors,
  ...leadErrors,
  ...accessErrors,
  ...fileErrors,
  ...privacyErrors,
  ...outsideErrors,
  ...operationErrors,
  ...storageErrors,
  ...processErrors,
};
