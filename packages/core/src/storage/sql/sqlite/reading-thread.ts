import { Worker } from 'node:worker_threads';
import { LmsError } from '../../../foundation/kernel/index.js';
import type { SqlConnection, SqlResult, SqlStatement, SqlValue } from '../sql-connection.js';
import { type EngineError, engineErrorOf, sqliteFailure, storeClosed } from './sqlite-failure.js';

/** Up to this size, of a few thousand leads, the widest read takes a few milliseconds, and a thread some 30 to start. */
const smallFileBytes = 16 * 1024 * 1024;
/** Rows are copied onto the calling thread; a statement that gives more would block it after all. */
const mostRows = 10_000;

/**
 * Runs on the thread. An error crosses threads as name and message alone, so the codes are sent beside them. Node 22 warns
 * once a thread that node:sqlite is experimental; the main thread has said so already.
 */
const program = `
  process.removeAllListeners('warning');
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(workerData.file, { readOnly: true });
  for (const pragma of workerData.pragmas) database.exec(pragma);
  const statements = new Map();
  const prepared = (sql) => {
    let statement = statements.get(sql);
    if (statement) return statement;
    if (statements.size >= 100) statements.clear();
    statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const answer = ({ sql, parameters }) => {
    try {
      const rows = prepared(sql).all(...parameters);
      return rows.length > workerData.mostRows ? { tooManyRows: rows.length } : { rows };
    } catch ({ name, message, code, errcode }) {
      return { error: { name, message, code, errcode } };
    }
  };
  parentPort.on('message', (request) => parentPort.postMessage({ id: request.id, ...answer(request) }));
`;

interface Request {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

type Reply =
  | { readonly id: number; readonly rows: readonly unknown[] }
  | { readonly id: number; readonly tooManyRows: number }
  | { readonly id: number; readonly error: EngineError };

interface WaitingRead {
  readonly answer: (rows: readonly unknown[]) => void;
  readonly reject: (error: unknown) => void;
  /** Without the thread after all. */
  readonly runHere: () => void;
}

export interface ReadingThreadOptions {
  readonly file: string;
  /** For the thread's own connection. */
  readonly pragmas: readonly string[];
  /** Runs the statements while the file is small, and where no thread can be had. */
  readonly inProcess: SqlConnection;
}

/**
 * Runs reads that may look at many rows on a thread with a read-only connection of its own, so that the calling thread goes
 * on with other work. Reads run one after the other, each on what was committed when it began. The thread starts with the
 * first read of a file that is not small, and keeps the process alive only while it has a read to answer.
 *
 * Errors are those of {@link SqlConnection}; also `STORE_CLOSED` for reads under way when it is closed, and `INTERNAL` for a statement
 * that gives more than 10,000 rows.
 */
export class ReadingThread implements SqlConnection {
  readonly #options: ReadingThreadOptions;
  readonly #waiting = new Map<number, WaitingRead>();
  #worker: Worker | null = null;
  #lastId = 0;
  #hasAnswered = false;
  #gaveUp = false;
  #closed = false;

  constructor(options: ReadingThreadOptions) {
    this.#options = options;
  }

  async execute<Row>(statement: SqlStatement): Promise<SqlResult<Row>> {
    const here = this.#gaveUp || (this.#worker === null && (await this.#fileIsSmall()));
    if (this.#closed) throw storeClosed(this.#options.file);
    const worker = here ? null : (this.#worker ?? this.#start());
    return worker === null ? this.#options.inProcess.execute<Row>(statement) : this.#send<Row>(worker, statement);
  }

  /** Rejects the reads under way with `STORE_CLOSED` and resolves once the file is let go. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = null;
    for (const read of this.#takeWaiting()) read.reject(storeClosed(this.#options.file));
    await worker?.terminate();
  }

  async #fileIsSmall(): Promise<boolean> {
    const { rows } = await this.#options.inProcess.execute<{ bytes: number }>({
      sql: 'select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()',
      parameters: [],
    });
    return (rows[0]?.bytes ?? 0) <= smallFileBytes;
  }

  #send<Row>(worker: Worker, { sql, parameters }: SqlStatement): Promise<SqlResult<Row>> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, {
        // Rows of the engine take the type that the query was written with, as in `SqliteConnection`.
        answer: (rows) => resolve({ rows: rows as readonly Row[], affected: rows.length }),
        reject,
        runHere: () => resolve(this.#options.inProcess.execute<Row>({ sql, parameters })),
      });
      worker.ref();
      const request: Request = { id: this.#lastId, sql, parameters };
      worker.postMessage(request);
    });
  }

  /** Null where threads are forbidden (Node's permission model) or cannot be had. */
  #start(): Worker | null {
    const { file, pragmas } = this.#options;
    let worker: Worker;
    try {
      // No flags of the process: what they preload, or how they read a program, is not meant for this one.
      worker = new Worker(program, { eval: true, execArgv: [], workerData: { file, pragmas, mostRows } });
    } catch {
      this.#gaveUp = true;
      return null;
    }
    worker.unref();
    worker.on('message', (reply: Reply) => this.#receive(worker, reply));
    worker.on('error', () => this.#lose(worker));
    worker.on('exit', () => this.#lose(worker));
    this.#worker = worker;
    return worker;
  }

  #receive(worker: Worker, reply: Reply): void {
    this.#hasAnswered = true;
    const read = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) worker.unref();
    if ('rows' in reply) read?.answer(reply.rows);
    else if ('error' in reply) read?.reject(sqliteFailure(engineErrorOf(reply.error), this.#options.file));
    else read?.reject(tooManyRows(reply.tooManyRows));
  }

  /** The thread ended by itself. One that never answered would not the next time either. */
  #lose(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#gaveUp = !this.#hasAnswered;
    for (const read of this.#takeWaiting()) read.runHere();
  }

  #takeWaiting(): readonly WaitingRead[] {
    const reads = [...this.#waiting.values()];
    this.#waiting.clear();
    return reads;
  }
}

function tooManyRows(rows: number): LmsError {
  return new LmsError('INTERNAL', { message: `A statement gave ${rows} rows; at most ${mostRows} are read at once` });
}
