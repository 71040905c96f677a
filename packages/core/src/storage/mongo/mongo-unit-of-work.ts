import { LmsError, type RandomSource } from '../../foundation/kernel/index.js';
import type { Unit, UnitOptions } from '../../foundation/persistence/index.js';
import { OneAtATime } from '../one-at-a-time.js';
import { pauseAfter, type RepeatPolicy } from '../repeat-policy.js';
import { requireNotStopped } from '../stop-signal.js';
import { withoutDocuments } from './mongo-cause.js';
import { durableWrites, type MongoDatabase } from './mongo-database.js';
import { isMongoError, isNetworkError, mongoFailureOf, storeError } from './mongo-errors.js';
import type { MongoSessionHandle } from './mongo-handle.js';
import { SlowOperation, within } from './mongo-limits.js';
import { MongoTransaction } from './mongo-transaction.js';

/** How often an insert that met an existing id is tried again: the repeat finds what another unit wrote in between. */
const duplicateAttempts = 4;
/** How often a unit is tried again after a lost connection: each try may wait for a server to be found. */
const networkAttempts = 3;
const commitAttempts = 5;
/** The driver sends a commit a second time by itself when the connection broke. */
const commitTries = 2;
const endingMillis = 1_000;

export interface MongoUnitOfWorkOptions {
  readonly open: () => MongoDatabase;
  readonly random: RandomSource;
  readonly repeats: RepeatPolicy;
  readonly commitMillis: number;
}

/** Units of the documents home: MongoDB transactions that read one snapshot and commit on a majority. */
export class MongoUnitOfWork {
  readonly #options: MongoUnitOfWorkOptions;
  readonly #transactionOptions: object;
  readonly #queue: OneAtATime = new OneAtATime();

  constructor(options: MongoUnitOfWorkOptions) {
    this.#options = options;
    this.#transactionOptions = {
      readConcern: { level: 'snapshot' },
      writeConcern: durableWrites,
      readPreference: 'primary',
      maxCommitTimeMS: options.commitMillis,
    };
  }

  /** As `UnitOfWork.run`. @throws LmsError `STORE_CONFLICT`, `STORE_UNAVAILABLE`, `STORE_FAILED`, `COMMAND_ABORTED` */
  run<Result>(work: (unit: Unit) => Promise<Result>, { signal, contends }: UnitOptions): Promise<Result> {
    return this.#queue.run(contends, () => this.#runOne(work, signal));
  }

  async #runOne<Result>(work: (unit: Unit) => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    const database = this.#options.open();
    const session = database.client.startSession();
    const counts = { duplicate: 0, network: 0 };
    const sent: SentCommit = { commit: null };
    try {
      for (let attempt = 1; ; attempt += 1) {
        requireNotStopped(signal);
        try {
          const result = await this.#attempt(session, work, signal);
          await this.#commit(session, sent);
          return result;
        } catch (error) {
          if (!isMongoError(error)) throw error;
          if (!mayRepeat(error, counts)) throw storeError(error, database.server);
          if (attempt >= this.#options.repeats.attempts) throw conflict(attempt, error);
          await pauseAfter(attempt, this.#options.repeats, this.#options.random);
        }
      }
    } finally {
      await endOf(session, sent.commit);
    }
  }

  /** All but the commit: what is rolled back when it fails. */
  async #attempt<Result>(
    session: MongoSessionHandle,
    work: (unit: Unit) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    session.startTransaction(this.#transactionOptions);
    const transaction = new MongoTransaction(session);
    try {
      const result = await work(transaction);
      const failure = await transaction.end();
      if (failure !== null) throw failure.error;
      requireNotStopped(signal);
      return result;
    } catch (error) {
      const failure = await transaction.end();
      const reason = failure !== null && isMongoError(failure.error) ? failure.error : error;
      await rollBack(session, reason, this.#options.commitMillis);
      throw reason;
    }
  }

  /**
   * A commit whose answer was lost is sent again: MongoDB knows the transaction and answers the same. Once it was sent nothing is rolled
   * back: where it failed there is nothing to take back, and where it is not answered nobody knows.
   */
  async #commit(session: MongoSessionHandle, sent: SentCommit): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        sent.commit = session.commitTransaction();
        await within(this.#options.commitMillis * commitTries, sent.commit);
        sent.commit = null;
        return;
      } catch (error) {
        if (error instanceof SlowOperation) throw commitUnknown(error);
        sent.commit = null;
        if (!isMongoError(error) || mongoFailureOf(error) !== 'commit-unknown') throw error;
        if (attempt === commitAttempts) throw commitUnknown(error);
        await pauseAfter(attempt, this.#options.repeats, this.#options.random);
      }
    }
  }
}

/** A commit that is not answered yet. */
interface SentCommit {
  commit: Promise<unknown> | null;
}

/**
 * A session that cannot be ended in time is ended by the server. While a commit is not answered, ending it would ask the server to abort
 * what it may be committing: that waits for the answer, or for the driver to find the connection gone.
 */
async function endOf(session: MongoSessionHandle, commit: Promise<unknown> | null): Promise<void> {
  const end = (): Promise<void> => session.endSession().catch(() => undefined);
  if (commit === null) await within(endingMillis, end()).catch(() => undefined);
  else void commit.then(end, end);
}

function mayRepeat(error: Error, counts: { duplicate: number; network: number }): boolean {
  const failure = mongoFailureOf(error);
  if (failure === 'duplicate-key') {
    counts.duplicate += 1;
    return counts.duplicate < duplicateAttempts;
  }
  if (isNetworkError(error)) {
    counts.network += 1;
    if (counts.network >= networkAttempts) return false;
  }
  return failure === 'transient';
}

/**
 * A transaction that is over cannot be aborted, and need not be: the server drops it with the session. Of one that did not answer nobody
 * waits to hear: the server ends it by itself after a while.
 * @throws SlowOperation when there is no answer in time, and so no telling whether the session can be used again
 */
async function rollBack(session: MongoSessionHandle, reason: unknown, millis: number): Promise<void> {
  const aborted = session.abortTransaction().catch((error: unknown) => {
    if (!isMongoError(error)) throw error;
  });
  if (reason instanceof SlowOperation) void aborted.catch(() => undefined);
  else await within(millis, aborted);
}

function conflict(attempts: number, error: Error): LmsError {
  return new LmsError('STORE_CONFLICT', {
    message: `the transaction collided with others ${attempts} times and was given up; nothing was changed`,
    cause: withoutDocuments(error),
  });
}

function commitUnknown(error: Error): LmsError {
  return new LmsError('STORE_UNAVAILABLE', {
    message:
      'MongoDB did not confirm the commit: it may or may not have taken effect; repeat it with the same idempotency key',
    details: { outcome: 'unknown' },
    cause: withoutDocuments(error),
  });
}
