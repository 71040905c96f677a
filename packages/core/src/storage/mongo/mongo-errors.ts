import { LmsError } from '../../foundation/kernel/index.js';

/** What an error of the driver means for a unit of work. */
export type MongoFailure = 'transient' | 'duplicate-key' | 'commit-unknown' | 'unreachable' | 'too-large' | 'refused';

interface DriverError extends Error {
  readonly code?: unknown;
  readonly errorLabels?: unknown;
}

const duplicateKey = 11000;
const tooLargeCodes: readonly unknown[] = [10334, 17419, 17420];
const accessCodes: Readonly<Record<number, string>> = {
  13: 'the MongoDB user may not do this; grant it readWrite and dbAdmin on the database',
  18: 'MongoDB refused the user name or password',
  8000: 'MongoDB refused the user name or password',
};
const unreachableNames: ReadonlySet<string> = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoWaitQueueTimeoutError',
  'PoolClearedOnNetworkError',
  'MongoPoolClearedError',
]);

/** True for errors of the driver, told by name: two copies of the package give two classes. */
export function isMongoError(error: unknown): error is DriverError {
  if (!(error instanceof Error)) return false;
  return /^Mongo|^PoolCleared/.test(error.name) || error.name === 'BSONError' || isBeyondBuffer(error);
}

export function mongoFailureOf(error: DriverError): MongoFailure {
  if (hasLabel(error, 'TransientTransactionError')) return 'transient';
  if (hasLabel(error, 'UnknownTransactionCommitResult')) return 'commit-unknown';
  if (error.code === duplicateKey) return 'duplicate-key';
  if (isNetworkError(error)) return 'unreachable';
  if (
    tooLargeCodes.includes(error.code) ||
    isBeyondBuffer(error) ||
    /larger than|too large|size limit/i.test(error.message)
  )
    return 'too-large';
  return 'refused';
}

/** The driver writes a document into a buffer of 17 MB; what is larger still ends in an error of Node. */
function isBeyondBuffer(error: DriverError): boolean {
  return error instanceof RangeError && error.code === 'ERR_OUT_OF_RANGE';
}

/** True when the server could not be asked at all. */
export function isNetworkError(error: Error): boolean {
  return unreachableNames.has(error.name);
}

function hasLabel(error: DriverError, label: string): boolean {
  return Array.isArray(error.errorLabels) && error.errorLabels.includes(label);
}

/** An error as callers of a store see it; errors that are not the driver's come back as they are. */
export function storeError(error: unknown, server: string): unknown {
  if (!isMongoError(error)) return error;
  switch (mongoFailureOf(error)) {
    case 'transient':
    case 'commit-unknown':
    case 'unreachable':
      return new LmsError('STORE_UNAVAILABLE', { message: `${server} cannot be reached`, cause: error });
    case 'duplicate-key':
      return new LmsError('STORE_FAILED', { message: 'MongoDB holds a record with this id already', cause: error });
    case 'too-large':
      return new LmsError('VALUE_NOT_STORABLE', {
        message: 'the record is larger than MongoDB stores in one document (16 MB)',
        cause: error,
      });
    case 'refused': {
      const access = typeof error.code === 'number' ? accessCodes[error.code] : undefined;
      if (access !== undefined) return new LmsError('STORE_MISCONFIGURED', { message: access, cause: error });
      return new LmsError('STORE_FAILED', {
        message: `MongoDB refused an operation (code ${String(error.code)})`,
        cause: error,
      });
    }
  }
}
