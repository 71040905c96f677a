import { LmsError } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import type { MongoSessionHandle } from './mongo-handle.js';

/**
 * One attempt of a unit of work: a transaction whose operations run one after the other, as MongoDB allows none at once.
 * After a failed operation MongoDB has ended the transaction, so the first failure is kept and decides the attempt even
 * when the work swallowed it.
 */
export class MongoTransaction implements Unit {
  readonly home = 'documents';
  readonly bothHomes = false;
  /**
   * Holders of unique keys as this unit sees them, by key text; null: nobody. Exact, as a transaction reads one snapshot.
   */
  readonly keyHolders: Map<string, string | null> = new Map();
  /** Command keys this unit has read, by key text; true: there is a record. */
  readonly commandKeys: Map<string, boolean> = new Map();
  readonly #session: MongoSessionHandle;
  #last: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;
  #ended = false;

  constructor(session: MongoSessionHandle) {
    this.#session = session;
  }

  run<Result>(operation: (session: MongoSessionHandle) => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => {
      if (this.#ended) throw new LmsError('INTERNAL', { message: 'the unit of work has ended' });
      if (this.#failure !== null) throw this.#failure.error;
      return operation(this.#session);
    });
    this.#last = result.catch((error: unknown) => {
      this.#failure ??= { error };
    });
    return result;
  }

  /** Lets operations that nobody awaited finish, refuses later ones, and tells the first failure. */
  async end(): Promise<{ readonly error: unknown } | null> {
    await this.#last;
    this.#ended = true;
    return this.#failure;
  }
}

/** The transaction behind a unit. @throws LmsError `INTERNAL` for a unit of another home or store */
export function mongoTransactionOf(unit: Unit): MongoTransaction {
  if (unit instanceof MongoTransaction) return unit;
  throw new LmsError('INTERNAL', { message: `a store of the documents home was given a unit of the ${unit.home}` });
}
