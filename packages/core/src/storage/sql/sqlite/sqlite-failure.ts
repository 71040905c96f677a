import { type ErrorCode, LmsError } from '../../../foundation/kernel/index.js';
import { Collision, DuplicateKey } from '../sql-connection.js';

/** Result codes of SQLite (sqlite.org/rescode.html): the primary ones, and the extended ones that need their own answer. */
const primary = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notDatabase: 26,
};
const duplicateCodes: ReadonlySet<number> = new Set([1555, 2067, 2579]);
const unfitCodes: ReadonlySet<number> = new Set([275, 1299, 3091]);

/** What of an error thrown by `node:sqlite` passes from thread to thread. */
export interface EngineError {
  readonly name: string;
  readonly message: string;
  /** Node's own code, such as `ERR_OUT_OF_RANGE`. */
  readonly code?: string;
  /** SQLite's extended result code. */
  readonly errcode?: number;
}

/** The error as it was thrown on the other thread. */
export function engineErrorOf({ name, message, code, errcode }: EngineError): Error {
  const error = name === 'RangeError' ? new RangeError(message) : new Error(message);
  return Object.assign(error, code === undefined ? {} : { code }, errcode === undefined ? {} : { errcode });
}

export function storeClosed(file: string): LmsError {
  return new LmsError('STORE_CLOSED', { message: `The store ${file} is closed`, path: file });
}

/** The extended result code of an error thrown by `node:sqlite`, or null for any other error. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}

/** True when another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== null && ((code & 0xff) === primary.busy || (code & 0xff) === primary.locked);
}

interface Answer {
  readonly code: ErrorCode;
  readonly message: string;
}

const answers: Readonly<Record<number, Answer>> = {
  [primary.readOnly]: {
    code: 'STORE_MISCONFIGURED',
    message: 'cannot be written; give this user write permission for the file and its folder',
  },
  [primary.inputOutput]: {
    code: 'STORE_UNAVAILABLE',
    message: 'could not be read or written; check the disk, the room on it, and how large a file may become',
  },
  [primary.corrupt]: {
    code: 'STORE_CORRUPT',
    message: 'is damaged; restore it from a backup, or salvage it with the sqlite3 command `.recover`',
  },
  [primary.full]: { code: 'DISK_FULL', message: 'cannot grow: the disk is full' },
  [primary.cannotOpen]: {
    code: 'STORE_UNAVAILABLE',
    message: 'cannot be opened; check the path and that this user may read and write it',
  },
  [primary.notDatabase]: {
    code: 'STORE_CORRUPT',
    message: 'is not a SQLite database, or it is damaged; name another file or restore this one from a backup',
  },
};

/** SQLite has no result code for it. */
const missingPart = /no such (?:table|column|index): \w+|has no column named \w+/;

/** What an error of the engine means to callers. Errors that are not the engine's come back as they are. */
export function sqliteFailure(error: unknown, file: string): unknown {
  const code = resultCode(error);
  if (code === null) return outOfRange(error) ?? error;
  const said = error instanceof Error ? error.message : String(error);
  if (duplicateCodes.has(code)) return new DuplicateKey(said, { cause: error });
  if (isBusy(error)) return new Collision(said, { cause: error });
  if (unfitCodes.has(code))
    return new LmsError('VALUE_NOT_STORABLE', { message: `Refused by the store: ${said}`, cause: error });
  if (said.includes('integer overflow')) {
    return new LmsError('AMOUNT_OUT_OF_RANGE', {
      message: 'The amounts add up to more than can be shown exactly',
      cause: error,
    });
  }
  const missing = missingPart.exec(said)?.[0];
  if (missing !== undefined) {
    const message = `${file} is damaged (${missing}): somebody changed its tables; restore it from a backup`;
    return new LmsError('STORE_CORRUPT', { message, path: file, cause: error });
  }
  const answer = answers[code & 0xff];
  if (answer) return new LmsError(answer.code, { message: `${file} ${answer.message}`, path: file, cause: error });
  return new LmsError('STORE_FAILED', { message: `SQLite refused a statement: ${said}`, path: file, cause: error });
}

/** `node:sqlite` refuses to give a whole number beyond 2^53-1 as a rounded one; it names the number, which the cause does not. */
function outOfRange(error: unknown): LmsError | null {
  if (!(error instanceof RangeError) || !('code' in error) || error.code !== 'ERR_OUT_OF_RANGE') return null;
  return new LmsError('VALUE_NOT_STORABLE', {
    message: 'A stored number is beyond what can be read exactly',
    cause: Object.assign(new RangeError('Value is too large to be represented as a JavaScript number'), {
      code: error.code,
    }),
  });
}
