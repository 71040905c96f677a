import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { LmsError } from '../../../foundation/kernel/index.js';
import type { Home, Unit, UnitOfWork, UnitOptions } from '../../../foundation/persistence/index.js';
import { Collision } from '../sql-connection.js';
import { SqlUnit } from '../sql-unit.js';
import { Checkpointer } from './checkpointer.js';
import { type LogFile, LogSync, openLogFile } from './log-sync.js';
import { pauseBeforeTry, storeLocked } from './patience.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { isBusy, sqliteFailure, storeClosed } from './sqlite-failure.js';
import { TurnClock, UnitConnection } from './unit-connection.js';

export interface WriterOptions {
  readonly file: string;
  /** How long a unit waits for another process before it fails with `STORE_LOCKED`. */
  readonly busyTimeoutMillis: number;
  /** Opens the store when that has not happened yet. */
  readonly connect: () => Promise<SqliteConnection>;
  /** Given by tests. */
  readonly openLog?: (file: string | null) => Promise<LogFile | null>;
}

/** Units of one commit: more save no more, and those first done wait for the last. */
const mostUnitsPerCommit = 64;
const longestGroupMillis = 12;
const mostAttempts = 10;
/** Units that run in savepoints after one has thrown. */
const unitsInSavepoints = 100;
/** While another process was met within this time, each commit leaves it a gap to take the lock in. */
const politeAfterContentionMillis = 1_000;

/** A caller of `run`, its types closed over. */
interface WaitingUnit {
  readonly home: Home;
  readonly signal: AbortSignal | undefined;
  readonly onFollowing: UnitOptions['onFollowing'];
  readonly cameAt: number;
  attempts: number;
  /** Runs the work and gives what is to be called after the commit. */
  readonly attempt: (unit: Unit) => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

type Outcome =
  | { readonly kind: 'done'; readonly tell: () => void }
  | { readonly kind: 'failed'; readonly error: unknown };

interface GroupMember {
  readonly unit: WaitingUnit;
  readonly outcome: Outcome;
}

/**
 * The one writer of a file in this process. Units run one after the other in a transaction that those waiting share: one
 * `BEGIN IMMEDIATE`, one COMMIT, one sync of the log, then every caller hears; the next transaction runs meanwhile, and what it
 * reads may reach the disk together with what it writes. A unit that throws takes only its own writes
 * back. A savepoint around each unit would do that, at a sixth of the time of all units; as units seldom throw, a group
 * first runs without. When one throws, the group is rolled back and runs again, that time with savepoints, and so do the
 * next hundred units.
 */
export class GroupCommitWriter implements UnitOfWork {
  readonly oneDatabase = true;
  readonly #options: WriterOptions;
  readonly #waiting: WaitingUnit[] = [];
  readonly #turns: TurnClock = new TurnClock();
  readonly #checkpointer: Checkpointer;
  /** null until the first unit, and where commits sync by themselves. */
  #log: LogSync | null = null;
  #connected: SqliteConnection | null = null;
  #draining: Promise<void> | null = null;
  #closed = false;
  #contentionAt = Number.NEGATIVE_INFINITY;
  #savepointsLeft = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#checkpointer = new Checkpointer(options.file);
  }

  run<Result>(home: Home, work: (unit: Unit) => Promise<Result>, options?: UnitOptions): Promise<Result> {
    const signal = options?.signal;
    if (this.#closed) return Promise.reject(storeClosed(this.#options.file));
    if (signal?.aborted) return Promise.reject(aborted());
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({
        home,
        signal,
        onFollowing: options?.onFollowing,
        cameAt: performance.now(),
        attempts: 0,
        attempt: async (unit) => {
          const result = await work(unit);
          return () => resolve(result);
        },
        reject,
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Lets waiting units finish and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
    await this.#log?.close();
    await this.#checkpointer.close();
  }

  async #drain(): Promise<void> {
    // One turn of the event loop first: callers that come together are committed together.
    await nextTurn();
    try {
      const connection = this.#connected ?? (await this.#connect());
      while (this.#waiting.length > 0) {
        await this.#checkpointer.beforeBegin();
        if (this.#log?.failure) throw this.#log.failure;
        if (await this.#begin(connection)) await this.#commitGroup(connection);
        if (performance.now() - this.#contentionAt < politeAfterContentionMillis) await sleep(1);
        else await nextTurn();
      }
    } catch (error) {
      for (const unit of this.#waiting.splice(0)) unit.reject(error);
    } finally {
      this.#draining = null;
    }
  }

  async #connect(): Promise<SqliteConnection> {
    const { connect, file, openLog = openLogFile } = this.#options;
    const connection = await connect();
    const log = await openLog(connection.path);
    // The log is then synced here, before callers hear of a commit; SQLite goes on doing so before it copies the log.
    if (log !== null) connection.exec('PRAGMA synchronous = NORMAL');
    this.#log = log && new LogSync(log, file);
    this.#connected = connection;
    return connection;
  }

  /** Takes the write lock. False when nobody waits for it any more. Time spent behind units of this process is not counted. */
  async #begin(connection: SqliteConnection): Promise<boolean> {
    const beganAt = performance.now();
    for (let tries = 0; ; tries += 1) {
      this.#dismiss((unit) => (unit.signal?.aborted ? aborted() : null));
      if (this.#waiting.length === 0) return false;
      try {
        connection.step('BEGIN IMMEDIATE');
        this.#turns.restart();
        return true;
      } catch (error) {
        if (!isBusy(error)) throw sqliteFailure(error, this.#options.file);
        const now = performance.now();
        this.#contentionAt = now;
        const { file, busyTimeoutMillis } = this.#options;
        this.#dismiss(({ cameAt }) =>
          now - Math.max(cameAt, beganAt) >= busyTimeoutMillis ? storeLocked(file, busyTimeoutMillis) : null,
        );
        if (this.#waiting.length > 0) await pauseBeforeTry(tries);
      }
    }
  }

  #dismiss(reasonFor: (unit: WaitingUnit) => LmsError | null): void {
    for (let index = this.#waiting.length - 1; index >= 0; index -= 1) {
      const unit = this.#waiting[index];
      const reason = unit && reasonFor(unit);
      if (!reason) continue;
      this.#waiting.splice(index, 1);
      unit.reject(reason);
    }
  }

  async #commitGroup(connection: SqliteConnection): Promise<void> {
    const group: GroupMember[] = [];
    const savepoints = this.#savepointsLeft > 0;
    const until = performance.now() + longestGroupMillis;
    for (let unit = this.#waiting.shift(); unit; unit = this.#nextFor(group, until)) {
      const outcome = await this.#runUnit(connection, unit, savepoints);
      group.push({ unit, outcome });
      if (outcome.kind === 'failed' && !(savepoints && undone(connection))) {
        return this.#groupIsLost(connection, group, savepoints);
      }
    }
    if (savepoints) this.#savepointsLeft -= group.length;
    try {
      connection.step('COMMIT');
    } catch (error) {
      rollBack(connection);
      for (const { unit } of group) this.#repeatOrReject(unit, sqliteFailure(error, this.#options.file));
      return;
    }
    const durable = this.#log?.synced() ?? null;
    for (const { unit, outcome } of group) {
      if (outcome.kind === 'done') tellWhenDurable(unit, outcome.tell, durable);
      else this.#repeatOrReject(unit, outcome.error);
    }
    this.#checkpointer.afterCommit(connection);
  }

  #nextFor(group: readonly GroupMember[], until: number): WaitingUnit | undefined {
    const full = group.length >= mostUnitsPerCommit || performance.now() >= until;
    return full ? undefined : this.#waiting.shift();
  }

  /** Never throws: a failed unit still has to be undone. */
  async #runUnit(connection: SqliteConnection, unit: WaitingUnit, savepoint: boolean): Promise<Outcome> {
    const unitConnection = new UnitConnection(connection, this.#turns);
    try {
      if (savepoint) connection.step('SAVEPOINT unit');
      const tell = await unit.attempt(new SqlUnit(unit.home, true, unitConnection));
      if (unit.signal?.aborted) throw aborted();
      // A unit may have caught the error with which SQLite ended the whole transaction.
      if (!connection.inTransaction) throw endedByDatabase(this.#options.file);
      if (savepoint) connection.step('RELEASE unit');
      return { kind: 'done', tell };
    } catch (error) {
      return { kind: 'failed', error: sqliteFailure(error, this.#options.file) };
    } finally {
      unitConnection.end();
    }
  }

  /**
   * The last unit of the group failed and its writes cannot be taken back alone. It gets its answer, if that owes nothing to
   * the others' lost writes; the others run again, in savepoints.
   */
  #groupIsLost(connection: SqliteConnection, group: readonly GroupMember[], savepoints: boolean): void {
    rollBack(connection);
    const failed = group[group.length - 1];
    if (failed?.outcome.kind !== 'failed') return;
    if (group.length > 1) this.#savepointsLeft = unitsInSavepoints;
    if (group.length === 1 || savepoints) this.#repeatOrReject(failed.unit, failed.outcome.error);
    else this.#waiting.unshift(failed.unit);
    this.#waiting.unshift(...group.slice(0, -1).map(({ unit }) => unit));
  }

  #repeatOrReject(unit: WaitingUnit, error: unknown): void {
    unit.attempts += 1;
    if (!(error instanceof Collision)) unit.reject(error);
    else if (unit.attempts < mostAttempts) this.#waiting.push(unit);
    else unit.reject(keptColliding(error));
  }
}

/** A caller who need not wait for the disk is told at once, and given what is to follow. */
function tellWhenDurable(unit: WaitingUnit, tell: () => void, durable: Promise<void> | null): void {
  if (durable !== null && unit.onFollowing === undefined) {
    durable.then(tell, unit.reject);
    return;
  }
  if (durable !== null) {
    // It may fail before anybody waits for it.
    durable.catch(() => undefined);
    unit.onFollowing?.(durable);
  }
  tell();
}

/** Takes back what a failed unit wrote in its savepoint; false when there is no savepoint, or no transaction, any more. */
function undone(connection: SqliteConnection): boolean {
  try {
    connection.step('ROLLBACK TO unit');
    connection.step('RELEASE unit');
    return true;
  } catch {
    return false;
  }
}

/** A full disk, for one, makes SQLite end the transaction by itself; then there is nothing to roll back. */
function rollBack(connection: SqliteConnection): void {
  if (connection.inTransaction) connection.step('ROLLBACK');
}

function endedByDatabase(file: string): LmsError {
  return new LmsError('STORE_FAILED', { message: `SQLite ended a transaction on ${file} by itself`, path: file });
}

function aborted(): LmsError {
  return new LmsError('COMMAND_ABORTED', { message: 'The command was stopped before it was committed' });
}

function keptColliding(cause: Collision): LmsError {
  return new LmsError('STORE_CONFLICT', {
    message: `The transaction collided ${mostAttempts} times and was given up: ${cause.message}`,
    cause,
  });
}
