import { LmsError } from '../../foundation/kernel/index.js';
import { unavailable } from '../server-address.js';
import { withoutDocuments } from './mongo-cause.js';

/** What an error of the driver means for a unit of work. */
export type MongoFailure =
  | 'transient'
  | 'duplicate-key'
  | 'commit-unknown'
  | 'unreachable'
  | 'too-slow'
  | 'too-large'
  | 'refused';

interface DriverError extends Error {
  readonly code?: unknown;
  readonly errorLabels?: unknown;
}

const duplicateKey = 11000;
const tooLargeCodes: readonly unknown[] = [10334, 17419, 17420];

type Translation = (error: DriverError, server: string) => LmsError;

function misconfigured(what: string): Translation {
  return (error, server) =>
    new LmsError('STORE_MISCONFIGURED', { message: `${server}: ${what}`, cause: withoutDocuments(error) });
}

function diskFull(error: DriverError, server: string): LmsError {
  return new LmsError('DISK_FULL', {
    message: `${server}: the disk of the server is full`,
    cause: withoutDocuments(error),
  });
}

const refusedLogin = misconfigured('MongoDB refused the user name or password');

/** What the server refuses for good, by its code (mongodb.com/docs/manual/reference/error-codes). */
const refusals: Readonly<Record<number, Translation>> = {
  13: misconfigured('the MongoDB user may not do this; grant it the roles readWrite and dbAdmin on the database'),
  18: refusedLogin,
  8000: refusedLogin,
  20: misconfigured('the server has no transactions; start mongod with --replSet rs0 and run rs.initiate()'),
  263: misconfigured('the server has no transactions; start mongod with --replSet rs0 and run rs.initiate()'),
  14031: diskFull,
};

/** MaxTimeMSExpired, ExceededTimeLimit. */
const tooSlowCodes: readonly unknown[] = [50, 262];
/** States of a server that pass: an election (which ends cursors, too), a shutdown, an operation that was killed, a limit of memory or load. */
const passingCodes: ReadonlySet<unknown> = new Set([
  6, 7, 43, 64, 89, 91, 175, 189, 202, 237, 290, 462, 11601, 9001, 10058, 10107, 11600, 11602, 13388, 13435, 13436,
]);
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
/** The driver or Node.js could not read or use the address. */
const addressNames: ReadonlySet<string> = new Set([
  'MongoParseError',
  'MongoInvalidArgumentError',
  'MongoMissingCredentialsError',
  'MongoMissingDependencyError',
]);

/** True for errors of the driver, told by name: two copies of the package give two classes. */
export function isMongoError(error: unknown): error is DriverError {
  if (!(error instanceof Error)) return false;
  return (
    /^Mongo|^PoolCleared/.test(error.name) ||
    error.name === 'BSONError' ||
    isBeyondBuffer(error) ||
    isUnresolvedName(error)
  );
}

export function mongoFailureOf(given: DriverError): MongoFailure {
  const error = behindBulkWrite(given);
  if (hasLabel(error, 'TransientTransactionError')) return 'transient';
  if (hasLabel(error, 'UnknownTransactionCommitResult')) return 'commit-unknown';
  if (error.code === duplicateKey) return 'duplicate-key';
  if (error.name === 'MongoOperationTimeoutError' || tooSlowCodes.includes(error.code)) return 'too-slow';
  if (isNetworkError(error) || isUnresolvedName(error) || passingCodes.has(error.code)) return 'unreachable';
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

/** The driver looks up the names of `mongodb+srv` by itself and passes on what Node.js says. */
function isUnresolvedName(error: DriverError): boolean {
  return 'syscall' in error && typeof error.syscall === 'string' && /^(query|getaddrinfo)/.test(error.syscall);
}

/** True when the server could not be asked at all. */
export function isNetworkError(error: Error): boolean {
  return unreachableNames.has(behindBulkWrite(error).name);
}

/**
 * What kept several documents from being sent or answered comes as an error of the bulk write, and is the response in it. (In a transaction
 * the driver gives it no label when another had emptied the pool before.)
 */
function behindBulkWrite(error: DriverError): DriverError {
  const behind: unknown = error.name === 'MongoBulkWriteError' ? Reflect.get(error, 'errorResponse') : null;
  return behind instanceof Error ? behind : error;
}

function hasLabel(error: DriverError, label: string): boolean {
  return Array.isArray(error.errorLabels) && error.errorLabels.includes(label);
}

/**
 * An error as callers of a store see it, its cause without anybody's data (see {@link withoutDocuments}); errors that are not the
 * driver's come back as they are.
 */
export function storeError(error: unknown, server: string): unknown {
  if (!isMongoError(error)) return error;
  switch (mongoFailureOf(error)) {
    case 'transient':
    case 'commit-unknown':
    case 'unreachable':
      return unreachable(error, server);
    case 'too-slow':
      return tooSlow(error, server);
    case 'duplicate-key':
      return new LmsError('STORE_FAILED', {
        message: 'MongoDB holds a record with this id already',
        cause: withoutDocuments(error),
      });
    case 'too-large':
      return new LmsError('VALUE_NOT_STORABLE', {
        message: 'the record is larger than MongoDB stores in one document (16 MB)',
        cause: withoutDocuments(error),
      });
    case 'refused':
      return refused(error, server);
  }
}

function refused(error: DriverError, server: string): LmsError {
  if (addressNames.has(error.name)) {
    return misconfigured(`the driver does not take the MongoDB URL (${withoutAddress(error.message)})`)(error, server);
  }
  if (error.name === 'MongoCompatibilityError') {
    return misconfigured('the server is too old for the driver; expected MongoDB 6.0 or later')(error, server);
  }
  if (/No space left on device|Disk quota exceeded/.test(error.message)) return diskFull(error, server);
  const translation = typeof error.code === 'number' ? refusals[error.code] : undefined;
  if (translation !== undefined) return translation(error, server);
  return new LmsError('STORE_FAILED', {
    message: `MongoDB refused an operation (code ${String(error.code)})`,
    cause: withoutDocuments(error),
  });
}

/** A text that may hold the URL may hold a password. */
function withoutAddress(message: string): string {
  return /[@]|:\/\//.test(message) ? 'a part of it is malformed' : message;
}

function tooSlow(error: DriverError, server: string): LmsError {
  return new LmsError('STORE_UNAVAILABLE', {
    message: `${server} did not answer in time: an operation took longer than timeouts.statementMillis allows; try again when it has less to do`,
    cause: withoutDocuments(error),
  });
}

function unreachable(error: DriverError, server: string): LmsError {
  const reasons = [...new Set(memberErrors(error).map(reasonOf))].filter((reason) => reason !== '');
  const noMember = isSelectionOfNone(error);
  if (noMember) {
    return unavailable(
      server,
      'no server there is a member of the replica set that replicaSet in the URL names',
      withoutDocuments(error),
    );
  }
  return unavailable(server, reasons.join(', ') || reasonOf(error) || error.name, withoutDocuments(error));
}

/** What each server said while one was looked for. */
function memberErrors(error: DriverError): readonly Error[] {
  return membersOf(error).flatMap((member) => {
    const failure: unknown = typeof member === 'object' && member !== null ? Reflect.get(member, 'error') : null;
    return failure instanceof Error ? [failure] : [];
  });
}

/** Members of another replica set are struck off the list, so that none is left. */
function isSelectionOfNone(error: DriverError): boolean {
  return error.name === 'MongoServerSelectionError' && 'reason' in error && membersOf(error).length === 0;
}

function membersOf(error: DriverError): readonly unknown[] {
  const description: unknown = Reflect.get(error, 'reason');
  const servers: unknown =
    typeof description === 'object' && description !== null ? Reflect.get(description, 'servers') : null;
  return servers instanceof Map ? [...servers.values()] : [];
}

/** A code such as ECONNREFUSED, also of what lies behind it. */
function reasonOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string') return code;
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (typeof code === 'number') return `code ${code}`;
  return /timed out/i.test(error.message) ? 'no answer in time' : '';
}
