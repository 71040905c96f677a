import { LmsError } from '../../foundation/kernel/index.js';
import {
  Collision,
  DuplicateKey,
  type SqlConnection,
  type SqlResult,
  type SqlStatement,
} from '../sql/sql-connection.js';
import { ConnectionLost } from './mysql-errors.js';

/**
 * The connection of one attempt of a unit. Statements run one after the other. After a deadlock or a lost connection the
 * server has rolled back, so that failure decides the attempt even when the work swallowed it.
 */
export class TransactionConnection implements SqlConnection {
  readonly #connection: SqlConnection;
  #last: Promise<unknown> = Promise.resolve();
  #failure: Error | null = null;
  #ended = false;

  constructor(connection: SqlConnection) {
    this.#connection = connection;
  }

  execute<Row>(statement: SqlStatement): Promise<SqlResult<Row>> {
    const result = this.#last.then(() => {
      if (this.#ended) throw new LmsError('INTERNAL', { message: 'the unit of work has ended' });
      if (this.#failure !== null) throw this.#failure;
      return this.#connection.execute<Row>(statement);
    });
    this.#last = result.catch((error: unknown) => this.#note(error));
    return result;
  }

  /** Lets statements that nobody awaited finish, and refuses later ones. @throws what ended the transaction early */
  async end(): Promise<void> {
    await this.#last;
    this.#ended = true;
    if (this.#failure !== null) throw this.#failure;
  }

  #note(error: unknown): void {
    const ended = error instanceof ConnectionLost || (error instanceof Collision && !(error instanceof DuplicateKey));
    if (ended) this.#failure ??= error;
  }
}
