import { LmsError, type RandomSource } from '../../foundation/kernel/index.js';
import type { Home, Unit, UnitOptions } from '../../foundation/persistence/index.js';
import { OneAtATime } from '../one-at-a-time.js';
import { pauseAfter, type RepeatPolicy } from '../repeat-policy.js';
import { Collision, DuplicateKey } from '../sql/sql-connection.js';
import { SqlUnit } from '../sql/sql-unit.js';
import { requireNotStopped } from '../stop-signal.js';
import { Gate } from './gate.js';
import { ConnectionLost, LockWait, StatementTimeout } from './mysql-errors.js';
import { lostAsUnavailable, type MysqlConnection, type MysqlPool } from './mysql-pool.js';
import { TransactionConnection } from './transaction-connection.js';

/** How often a key that is taken is tried again: the repeat reads what another unit wrote in between. */
const duplicateAttempts = 4;
const lostAttempts = 3;
/** How often a lock that was waited for in vain is waited for again: each try lasts seconds. */
const lockWaitAttempts = 3;

export interface MysqlUnitOfWorkOptions {
  readonly open: () => MysqlPool;
  readonly server: string;
  readonly random: RandomSource;
  readonly repeats: RepeatPolicy;
  /** True when the database is both homes. */
  readonly bothHomes: boolean;
  /** Units at once; later ones wait. Fewer than the pool has connections, as work may read on another one. */
  readonly unitsAtOnce: number;
}

interface Counts {
  duplicate: number;
  lost: number;
  lockWaits: number;
}

/** Units on MySQL: InnoDB transactions at READ COMMITTED. */
export class MysqlUnitOfWork {
  readonly #options: MysqlUnitOfWorkOptions;
  readonly #gate: Gate;
  readonly #queue: OneAtATime = new OneAtATime();

  constructor(options: MysqlUnitOfWorkOptions) {
    this.#options = options;
    this.#gate = new Gate(options.unitsAtOnce);
  }

  /** As `UnitOfWork.run`. @throws LmsError `STORE_CONFLICT`, `STORE_UNAVAILABLE`, `STORE_FAILED`, `COMMAND_ABORTED` */
  run<Result>(home: Home, work: (unit: Unit) => Promise<Result>, { signal, contends }: UnitOptions): Promise<Result> {
    return this.#queue.run(contends, () => this.#runOne(home, work, signal));
  }

  async #runOne<Result>(
    home: Home,
    work: (unit: Unit) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const pool = this.#options.open();
    const counts: Counts = { duplicate: 0, lost: 0, lockWaits: 0 };
    for (let attempt = 1; ; attempt += 1) {
      requireNotStopped(signal);
      try {
        return await this.#gate.pass(() => this.#attempt(pool, home, work, signal));
      } catch (error) {
        if (!mayRepeat(error, counts)) throw this.#asStoreError(error);
        if (attempt >= this.#options.repeats.attempts || isStuck(error, counts)) throw conflict(attempt, error);
        await pauseAfter(attempt, this.#options.repeats, this.#options.random);
      }
    }
  }

  async #attempt<Result>(
    pool: MysqlPool,
    home: Home,
    work: (unit: Unit) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const connection = await pool.acquire();
    const transaction = new TransactionConnection(connection);
    try {
      await connection.command('START TRANSACTION');
      const result = await work(new SqlUnit(home, this.#options.bothHomes, transaction));
      await transaction.end();
      requireNotStopped(signal);
      await commit(connection);
      return result;
    } catch (error) {
      const reason = await transaction.end().then(
        () => error,
        (failure: unknown) => failure,
      );
      await rollBack(connection);
      throw reason;
    } finally {
      connection.release();
    }
  }

  #asStoreError(error: unknown): unknown {
    if (error instanceof DuplicateKey) {
      return new LmsError('STORE_FAILED', { message: 'MySQL holds a record with this key already', cause: error });
    }
    return lostAsUnavailable(error, this.#options.server);
  }
}

function mayRepeat(error: unknown, counts: Counts): boolean {
  if (error instanceof StatementTimeout) return false;
  if (error instanceof ConnectionLost) {
    counts.lost += 1;
    return counts.lost < lostAttempts;
  }
  if (error instanceof DuplicateKey) {
    counts.duplicate += 1;
    return counts.duplicate < duplicateAttempts;
  }
  return error instanceof Collision;
}

function isStuck(error: unknown, counts: Counts): boolean {
  if (!(error instanceof LockWait)) return false;
  counts.lockWaits += 1;
  return counts.lockWaits >= lockWaitAttempts;
}

/** A connection lost while committing leaves it open what happened: the unit must not run again by itself. */
async function commit(connection: MysqlConnection): Promise<void> {
  try {
    await connection.command('COMMIT');
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    throw new LmsError('STORE_UNAVAILABLE', {
      message:
        'MySQL did not confirm the commit: it may or may not have taken effect; repeat it with the same idempotency key',
      details: { outcome: 'unknown' },
      cause: error,
    });
  }
}

/** Where even this fails the connection is not used again, and the server rolls back by itself. */
async function rollBack(connection: MysqlConnection): Promise<void> {
  try {
    await connection.command('ROLLBACK');
  } catch {
    connection.abandon();
  }
}

function conflict(attempts: number, cause: unknown): LmsError {
  return new LmsError('STORE_CONFLICT', {
    message: `the transaction collided with others ${attempts} times and was given up; nothing was changed`,
    cause,
  });
}
