import { hasCode, LmsError } from '../../foundation/kernel/index.js';
import { unavailable } from '../server-address.js';
import { Collision, DuplicateKey } from '../sql/sql-connection.js';

/** The connection broke. Before a commit nothing was changed; during one nobody knows. */
export class ConnectionLost extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectionLost';
  }
}

/** A statement took longer than it may. The server may still be at it, so trying again at once would only add to its work. */
export class StatementTimeout extends ConnectionLost {
  constructor(options?: ErrorOptions) {
    super('a statement took longer than timeouts.statementMillis allows', options);
    this.name = 'StatementTimeout';
  }
}

/** A row lock was not let go in time: whoever holds it may hold it long. */
export class LockWait extends Collision {
  constructor(options?: ErrorOptions) {
    super('another transaction held a lock for too long', options);
    this.name = 'LockWait';
  }
}

type Translation = (error: Error, server: string) => Error;

const duplicate: Translation = (error) => new DuplicateKey('a unique key is taken', { cause: error });
const collision: Translation = (error) => new Collision('another transaction was in the way', { cause: error });
const lockWait: Translation = (error) => new LockWait({ cause: error });
const lost: Translation = (error) => new ConnectionLost('the connection to MySQL was lost', { cause: error });
const tooSlow: Translation = (error) => new StatementTimeout({ cause: error });
const unreachable: Translation = (error, server) => unavailable(server, reasonOf(error), error);

const tooManyConnections: Translation = (cause, server) =>
  new LmsError('STORE_UNAVAILABLE', {
    message: `${server} has no free connection (${reasonOf(cause)}); raise max_connections or the user's limit, or lower poolSize in each process`,
    cause,
  });

const diskFull: Translation = (cause, server) =>
  new LmsError('DISK_FULL', {
    message: `${server}: the disk of the server is full, or its table space may not grow`,
    cause,
  });

/** The message names tables and columns only. */
const tablesChanged: Translation = (cause, server) =>
  new LmsError('STORE_CORRUPT', {
    message: `${server}: the tables of this store were changed or damaged (${cause.message}); restore it from a backup`,
    cause,
  });

function notStorable(why: string): Translation {
  return (cause) => new LmsError('VALUE_NOT_STORABLE', { message: `MySQL cannot keep a value: ${why}`, cause });
}

function misconfigured(what: string): Translation {
  return (cause, server) => new LmsError('STORE_MISCONFIGURED', { message: `${server}: ${what}`, cause });
}

const rights = 'SELECT, INSERT, UPDATE, DELETE (and CREATE, ALTER, INDEX, DROP, REFERENCES to make and migrate tables)';

/** The server says which statement it was: `DELETE command denied to user ... for table ...`. */
const rightMissing: Translation = (cause, server) => {
  const [, statement = 'do this'] = /^(\w+(?: \w+)?) command denied/.exec(cause.message) ?? [];
  return misconfigured(`the user may not ${statement}; grant ${rights} on the database`)(cause, server);
};

/** By error number of the server, or by code of the driver and of Node. */
const translations: Readonly<Record<string, Translation>> = {
  1022: duplicate,
  1062: duplicate,
  1586: duplicate,
  1205: lockWait,
  1213: collision,
  1020: collision,
  // Group replication found that another member had committed first.
  3101: collision,
  1264: notStorable('a number is out of the range of its column'),
  1366: notStorable('text has characters that its column does not take'),
  1406: notStorable('text is longer than its column'),
  1153: notStorable('it is larger than max_allowed_packet; raise max_allowed_packet'),
  1048: notStorable('a column that must have a value has none'),
  3819: notStorable('a value is none of those that its column takes'),
  4025: notStorable('a value is none of those that its column takes'),
  1021: diskFull,
  1114: diskFull,
  1033: tablesChanged,
  1034: tablesChanged,
  1054: tablesChanged,
  1146: tablesChanged,
  1194: tablesChanged,
  1712: tablesChanged,
  1932: tablesChanged,
  1044: misconfigured(`the user may not use this database; grant it ${rights}`),
  1045: misconfigured('the server refused the user name or password'),
  1049: misconfigured('the database does not exist; create it with CREATE DATABASE'),
  1142: rightMissing,
  1143: rightMissing,
  1227: rightMissing,
  1129: misconfigured('the server blocks this host after failed connections; run FLUSH HOSTS on it'),
  1130: misconfigured('the server takes no connections from this host; make the user for it'),
  1251: misconfigured(
    "the user's way of authentication is not known to the mysql2 driver; choose caching_sha2_password",
  ),
  1698: misconfigured('the server refused the user name or password'),
  1820: misconfigured("the user's password must be changed first"),
  1862: misconfigured("the user's password has expired; set a new one"),
  3118: misconfigured('the account of the user is locked'),
  1290: misconfigured('the server is read-only (read_only, super_read_only); use the primary'),
  1792: misconfigured('the session is read-only (transaction_read_only); use the primary'),
  1836: misconfigured('the server is read-only; use the primary'),
  1040: tooManyConnections,
  1203: tooManyConnections,
  1226: tooManyConnections,
  1969: tooSlow,
  3024: tooSlow,
  1047: lost,
  1053: lost,
  1317: lost,
  1927: lost,
  // Offline mode.
  3032: lost,
  4031: lost,
  3159: misconfigured('the server demands TLS (require_secure_transport); add tls=true to the URL'),
  PROTOCOL_CONNECTION_LOST: lost,
  PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR: lost,
  PROTOCOL_SEQUENCE_TIMEOUT: tooSlow,
  ECONNRESET: lost,
  EPIPE: lost,
  ETIMEDOUT: unreachable,
  ECONNREFUSED: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  HANDSHAKE_NO_SSL_SUPPORT: misconfigured(
    'the server offers no TLS; set it up, or drop tls from the URL and say allowInsecure',
  ),
  HANDSHAKE_SSL_ERROR: misconfigured(
    "TLS failed: the server's certificate is not for this host name, or not signed by an authority known here (certificateAuthority)",
  ),
  POOL_CLOSED: lost,
};

/** An error of the driver as the shared SQL code knows it; anything else comes back as it is. */
export function translateMysqlError(error: Error, server: string): Error {
  if (LmsError.isInstance(error)) return error;
  const { errno, code } = codesOf(error);
  const translation = isWithoutRoom(error)
    ? diskFull
    : (translations[String(errno)] ?? translations[code] ?? closedConnection(error));
  const cause = withoutValues(error);
  if (translation !== undefined) return translation(cause, server);
  return new LmsError('STORE_FAILED', {
    message: `MySQL refused a statement (${code || errno || error.name})`,
    cause,
  });
}

/** An error on an open connection: whatever makes the server unreachable there has cut a statement short. */
export function translateStatementError(error: Error, server: string): Error {
  const translated = translateMysqlError(error, server);
  const isCut = hasCode(translated, 'STORE_UNAVAILABLE') || ('fatal' in error && error.fatal === true);
  return isCut && !(translated instanceof ConnectionLost) ? lost(withoutValues(error), server) : translated;
}

/** The driver's error without the statement and its values, which may be somebody's data: causes are logged. */
function withoutValues(error: Error): Error {
  const { errno, code } = codesOf(error);
  const message = namesOnly.has(errno) ? error.message : withoutQuotes(error.message);
  return Object.assign(new Error(message), { name: error.name, errno, code });
}

/** Errors whose messages quote nothing but tables, columns, constraints and users. */
const namesOnly: ReadonlySet<number> = new Set([
  1033, 1034, 1044, 1045, 1048, 1049, 1054, 1114, 1142, 1143, 1146, 1194, 1227, 1264, 1265, 1290, 1364, 1406, 1451,
  1452, 1712, 1932, 3819, 4025,
]);

/** What is quoted may be a value, and is cut off, but for the key or column at the end. */
function withoutQuotes(message: string): string {
  const end = / for (?:key|column) '[^']*'(?: at row \d+)?$/.exec(message)?.[0] ?? '';
  const said = message.slice(0, message.length - end.length);
  return said.replace(/ ?["'].*/s, '') + end;
}

function codesOf(error: Error): { readonly errno: number; readonly code: string } {
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { errno, code };
}

/** Many errors say that a file could not be written, and in their message why. */
function isWithoutRoom({ message }: Error): boolean {
  return /No space left on device|Disk quota exceeded/.test(message);
}

function closedConnection(error: Error): Translation | undefined {
  return /closed state|pool is closed/i.test(error.message) ? lost : undefined;
}

function reasonOf(error: Error): string {
  const { code } = codesOf(error);
  return code === '' ? error.name : code;
}
