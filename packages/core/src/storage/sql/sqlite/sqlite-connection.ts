import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SqlConnection, SqlResult, SqlStatement, SqlValue } from '../sql-connection.js';
import { sqliteFailure } from './sqlite-failure.js';

interface CachedStatement {
  readonly statement: StatementSync;
  readonly givesRows: boolean;
}

/** Compiled statements kept; lists and reports make texts of their own, so the least recently used goes. */
const mostStatements = 400;

/**
 * One open handle on a file. Statements run at once on the calling thread; the promise only fits the port. Whole numbers
 * beyond 2^53-1 are refused when read (`node:sqlite` throws) as they are when bound.
 */
export class SqliteConnection implements SqlConnection {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #statements = new Map<string, CachedStatement>();

  /** @throws LmsError as {@link sqliteFailure} says */
  constructor(file: string, options: { readonly readOnly: boolean; readonly busyTimeoutMillis: number }) {
    this.#file = file;
    try {
      this.#database = new DatabaseSync(file, { readOnly: options.readOnly });
      this.#database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMillis}`);
    } catch (error) {
      throw sqliteFailure(error, file);
    }
  }

  execute<Row>(statement: SqlStatement): Promise<SqlResult<Row>> {
    try {
      return Promise.resolve(this.run<Row>(statement));
    } catch (error) {
      return Promise.reject(sqliteFailure(error, this.#file));
    }
  }

  executeEach(sql: string, lists: readonly (readonly SqlValue[])[]): Promise<readonly number[]> {
    try {
      const { statement } = this.#prepared(sql);
      return Promise.resolve(lists.map((parameters) => Number(statement.run(...parameters).changes)));
    } catch (error) {
      return Promise.reject(sqliteFailure(error, this.#file));
    }
  }

  /** Throws the engine's own error. */
  run<Row>({ sql, parameters }: SqlStatement): SqlResult<Row> {
    const { statement, givesRows } = this.#prepared(sql);
    if (!givesRows) return { rows: [], affected: Number(statement.run(...parameters).changes) };
    // The one place where rows of the engine take the type that the query was written with.
    const rows = statement.all(...parameters) as unknown as readonly Row[];
    return { rows, affected: rows.length };
  }

  /** Statements without parameters or rows, such as pragmas and DDL. Throws the engine's own error. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** A statement that recurs, such as COMMIT: compiled once. Throws the engine's own error. */
  step(sql: string): void {
    this.#prepared(sql).statement.run();
  }

  /** Throws the engine's own error. */
  first<Row>(sql: string): Row | null {
    return this.run<Row>({ sql, parameters: [] }).rows[0] ?? null;
  }

  /** Rows inserted, changed or removed since the handle was opened. */
  get totalChanges(): number {
    return this.first<{ changes: number }>('select total_changes() as changes')?.changes ?? 0;
  }

  /** Of the file that is open, whole and with links followed; null for a store in memory. */
  get path(): string | null {
    return this.#database.location();
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepared(sql: string): CachedStatement {
    let cached = this.#statements.get(sql);
    if (cached) {
      if (this.#statements.size < mostStatements / 2) return cached;
      this.#statements.delete(sql);
    } else {
      const statement = this.#database.prepare(sql);
      cached = { statement, givesRows: statement.columns().length > 0 };
      if (this.#statements.size >= mostStatements) this.#forgetOldest();
    }
    this.#statements.set(sql, cached);
    return cached;
  }

  #forgetOldest(): void {
    for (const oldest of this.#statements.keys()) {
      this.#statements.delete(oldest);
      return;
    }
  }
}
