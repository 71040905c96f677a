import { LmsError } from '../../foundation/kernel/index.js';
import { answerWithin, unavailable } from '../server-address.js';
import { requireExactNumber, type SqlConnection, type SqlResult, type SqlStatement } from '../sql/sql-connection.js';
import { ConnectionLost, StatementTimeout, translateMysqlError, translateStatementError } from './mysql-errors.js';
import type { MysqlConnectionHandle, MysqlField, MysqlPoolHandle } from './mysql-handle.js';
import { sessionStatements } from './mysql-session.js';

export interface MysqlPoolOptions {
  readonly server: string;
  /** How long a free connection is waited for. */
  readonly acquireMillis: number;
  /** How long one statement may take. */
  readonly statementMillis: number;
  readonly lockWaitSeconds: number;
}

/** Reads outside a transaction begin anew on another connection when theirs turns out to be dead. */
const readAttempts = 3;

/** Counting, copying or emptying a table of many millions of rows takes minutes. */
const wholeTableMillis = 3_600_000;

/** Connections of one pool, each with its session set once. */
export class MysqlPool {
  readonly #handle: MysqlPoolHandle;
  readonly #options: MysqlPoolOptions;
  readonly #prepared = new WeakSet<MysqlConnectionHandle>();

  constructor(handle: MysqlPoolHandle, options: MysqlPoolOptions) {
    this.#handle = handle;
    this.#options = options;
  }

  /** The same connections, for statements that read or change whole tables: they may take an hour each. */
  forWholeTables(): MysqlPool {
    return new MysqlPool(this.#handle, { ...this.#options, statementMillis: wholeTableMillis });
  }

  /** A connection ready for use; give it back with `release`. */
  async acquire(): Promise<MysqlConnection> {
    const handle = await this.#take();
    const connection = new MysqlConnection(handle, this.#options);
    if (this.#prepared.has(handle)) return connection;
    try {
      for (const sql of sessionStatements(this.#options.lockWaitSeconds)) await connection.command(sql);
    } catch (error) {
      connection.abandon();
      connection.release();
      throw error;
    }
    this.#prepared.add(handle);
    return connection;
  }

  /** Runs statements on one connection and gives it back. */
  async using<Result>(work: (connection: MysqlConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.acquire();
    try {
      return await work(connection);
    } finally {
      connection.release();
    }
  }

  /** Reads of the last committed state, each on whichever connection is free. */
  readonly reader: SqlConnection = {
    execute: async <Row>(statement: SqlStatement): Promise<SqlResult<Row>> => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await this.using((connection) => connection.execute<Row>(statement));
        } catch (error) {
          if (error instanceof ConnectionLost && !(error instanceof StatementTimeout) && attempt < readAttempts)
            continue;
          throw lostAsUnavailable(error, this.#options.server);
        }
      }
    },
  };

  end(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#handle.end((error) => (error ? reject(translateMysqlError(error, this.#options.server)) : resolve()));
    });
  }

  #take(): Promise<MysqlConnectionHandle> {
    let late = false;
    const { acquireMillis, server } = this.#options;
    const taken = new Promise<MysqlConnectionHandle>((resolve, reject) => {
      this.#handle.getConnection((error, connection) => {
        if (error) reject(translateMysqlError(error, server));
        else if (late) connection.release();
        else resolve(connection);
      });
    });
    return answerWithin(acquireMillis, server, taken, 'free connection').catch((error: unknown) => {
      late = true;
      throw error;
    });
  }
}

export class MysqlConnection implements SqlConnection {
  readonly #handle: MysqlConnectionHandle;
  readonly #options: MysqlPoolOptions;
  #broken = false;

  constructor(handle: MysqlConnectionHandle, options: MysqlPoolOptions) {
    this.#handle = handle;
    this.#options = options;
  }

  async execute<Row>({ sql, parameters }: SqlStatement): Promise<SqlResult<Row>> {
    return resultOf<Row>(await this.#query(sql, [...parameters]));
  }

  /** A statement without parameters or rows. */
  async command(sql: string): Promise<void> {
    await this.#query(sql, []);
  }

  release(): void {
    if (this.#broken) this.#handle.destroy();
    else this.#handle.release();
  }

  /** Never to be used again; `release` then destroys it. */
  abandon(): void {
    this.#broken = true;
  }

  #query(sql: string, values: (string | number | null)[]): Promise<unknown> {
    const { server, statementMillis } = this.#options;
    return new Promise((resolve, reject) => {
      this.#handle.query({ sql, values, timeout: statementMillis, typeCast: readCell }, (error, result) => {
        if (!error) {
          resolve(result);
          return;
        }
        const translated = translateStatementError(error, server);
        if (translated instanceof ConnectionLost) this.#broken = true;
        reject(translated);
      });
    });
  }
}

/** What leaves the store: a broken connection, or one that was given up, is an unavailable server. */
export function lostAsUnavailable(error: unknown, server: string): unknown {
  if (error instanceof StatementTimeout) {
    return new LmsError('STORE_UNAVAILABLE', {
      message: `${server} did not answer in time: ${error.message}; try again when it has less to do`,
      cause: error,
    });
  }
  return error instanceof ConnectionLost ? unavailable(server, error.message, error) : error;
}

function resultOf<Row>(result: unknown): SqlResult<Row> {
  if (Array.isArray(result)) {
    for (const row of result) requireExactRow(row);
    return { rows: result, affected: 0 };
  }
  const affected = typeof result === 'object' && result !== null && 'affectedRows' in result ? result.affectedRows : 0;
  return { rows: [], affected: typeof affected === 'number' ? affected : 0 };
}

const numbersReadHere: ReadonlySet<string> = new Set(['LONGLONG', 'DECIMAL', 'NEWDECIMAL', 'DOUBLE']);

/**
 * 64-bit numbers and sums are numbers, whatever the pool was made with; {@link requireExactRow} refuses inexact ones. The
 * driver's own reading of doubles is off in the last digit for some (9.527672457201735 becomes 9.527672457201737).
 */
function readCell(field: MysqlField, next: () => unknown): unknown {
  if (!numbersReadHere.has(field.type)) return next();
  const text = field.string();
  return text === null ? null : Number(text);
}

/** Sums and 64-bit columns beyond 2^53 would be rounded on the way. */
function requireExactRow(row: object): void {
  for (const value of Object.values(row)) if (typeof value === 'number') requireExactNumber(value);
}
