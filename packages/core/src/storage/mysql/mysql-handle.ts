/**
 * The few methods of the `mysql2` driver that LMS calls. The pool of `mysql2`'s `createPool` fits (that of `mysql2/promise`
 * has it as `.pool`). LMS sets the session of each connection it takes, so the pool should be its own.
 */
export interface MysqlPoolHandle {
  getConnection(callback: (error: Error | null, connection: MysqlConnectionHandle) => unknown): void;
  end(callback: (error: Error | null) => unknown): void;
  /** How many connections it gives at once, 0 for any number: the driver's own pools say so. */
  readonly config?: { readonly connectionLimit?: number | undefined };
}

export interface MysqlConnectionHandle {
  query(options: MysqlQuery, callback: (error: Error | null, result: unknown) => unknown): unknown;
  release(): void;
  destroy(): void;
}

export interface MysqlQuery {
  readonly sql: string;
  readonly values: (string | number | null)[];
  readonly timeout?: number;
  readonly typeCast?: (field: MysqlField, next: () => unknown) => unknown;
}

/** A cell of a row, before it is read. */
export interface MysqlField {
  readonly type: string;
  string(): string | null;
}
