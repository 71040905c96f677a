import { LmsError } from '../../foundation/kernel/index.js';
import { isStorableText } from '../storable-text.js';

/** What is bound to a placeholder. Everything else is refused before it reaches an engine. */
export type SqlValue = string | number | null;

export interface SqlStatement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

export interface SqlResult<Row> {
  readonly rows: readonly Row[];
  /** Rows inserted, or matched by an UPDATE or DELETE (found rows, also on MySQL). */
  readonly affected: number;
}

/**
 * Runs statements one after another on one engine. Whole numbers come back as safe integers, text as strings, null as null.
 * Throws {@link DuplicateKey} when a unique key is taken, {@link Collision} when the engine ended the transaction in
 * favour of another one, and `LmsError` for the rest.
 */
export interface SqlConnection {
  execute<Row>(statement: SqlStatement): Promise<SqlResult<Row>>;
  /**
   * Runs a statement without rows once for each list of parameters, and gives what each affected. Only where a call is no round
   * trip: thousands of promises cost as much as the statements.
   */
  executeEach?(sql: string, lists: readonly (readonly SqlValue[])[]): Promise<readonly number[]>;
}

/** Another transaction was in the way: the unit of work rolls back and runs the work again. */
export class Collision extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Collision';
  }
}

/** A unique key is taken. A store that expects it catches it; otherwise it is a {@link Collision}. */
export class DuplicateKey extends Collision {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DuplicateKey';
  }
}

/** @throws LmsError `VALUE_NOT_STORABLE` for what an engine would round, cut or change */
export function storable(value: unknown): SqlValue {
  if (value === null) return null;
  if (typeof value === 'string') {
    if (!isStorableText(value)) {
      throw new LmsError('VALUE_NOT_STORABLE', {
        message: 'Text with a NUL or half a surrogate pair cannot be stored',
      });
    }
    return value;
  }
  if (typeof value === 'number') {
    requireExactNumber(value);
    return value;
  }
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new LmsError('VALUE_NOT_STORABLE', { message: `A value of type ${typeof value} cannot be stored` });
}

/** @throws LmsError `VALUE_NOT_STORABLE` for whole numbers beyond 2^53-1 and for NaN and infinities */
export function requireExactNumber(value: number): void {
  if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))) return;
  throw new LmsError('VALUE_NOT_STORABLE', {
    message: `${value} cannot be stored exactly; whole numbers go up to ${Number.MAX_SAFE_INTEGER}`,
  });
}

/** @throws LmsError `VALUE_NOT_STORABLE` for anything but a whole number up to 2^53-1 */
export function requireSafeInteger(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new LmsError('VALUE_NOT_STORABLE', {
    message: `${value} is not a whole number of minor units up to ${Number.MAX_SAFE_INTEGER}`,
  });
}
